/** Text as it may stand in Markdown, where nothing of it is taken for a link, an emphasis or HTML. */
export const plainMarkdown = (text: string): string => text.replace(/[\\`*_[\]<>&]/g, "\\$&").replace(/\s+/g, " ");

import type { ModelConfig } from "../architectures/config.ts";
import type { Fields } from "./fields.ts";
import type { Layout, TensorLayout } from "./layout.ts";

/** Llama and what is wired like it (SmolLM2): names of transformers' `LlamaForCausalLM`, and llama.cpp's for them. */
export const llama: Layout = {
  fromHub(fields) {
    fields.only("hidden_act", "silu");
    fields.only("attention_bias", false);
    fields.only("mlp_bias", false);
    fields.only("rope_scaling");
    const rope = fields.value("rope_parameters");
    const parameters = new Map(Object.entries(typeof rope === "object" && rope !== null ? rope : {}));
    const ropeType = parameters.get("rope_type") ?? "default";
    if (ropeType !== "default") fields.fail("rope_parameters.rope_type", String(ropeType), "default");
    const nHeads = fields.count("num_attention_heads");
    const dModel = fields.count("hidden_size");
    const theta = parameters.get("rope_theta");
    return checked(fields, {
      architecture: "llama",
      nLayers: fields.count("num_hidden_layers"),
      dModel,
      nHeads,
      nKeyValueHeads: fields.count("num_key_value_heads", nHeads),
      dHead: fields.count("head_dim", dModel / nHeads),
      dMlp: fields.count("intermediate_size"),
      vocabSize: fields.count("vocab_size"),
      maxPositions: fields.count("max_position_embeddings", 2048),
      normEpsilon: fields.positive("rms_norm_eps", 1e-6),
      ropeTheta: fields.positive("rope_theta", typeof theta === "number" ? theta : 10_000),
      tiedEmbeddings: fields.boolean("tie_word_embeddings", false),
    });
  },

  fromGguf(fields, { tied, vocabSize }) {
    fields.only("llama.rope.scaling.type", "none");
    fields.only("llama.expert_count", 0);
    const nHeads = fields.count("llama.attention.head_count");
    const dModel = fields.count("llama.embedding_length");
    const dHead = fields.count("llama.attention.key_length", dModel / nHeads);
    fields.only("llama.attention.value_length", dHead);
    fields.only("llama.rope.dimension_count", dHead);
    fields.only("llama.vocab_size", vocabSize);
    return checked(fields, {
      architecture: "llama",
      nLayers: fields.count("llama.block_count"),
      dModel,
      nHeads,
      nKeyValueHeads: fields.count("llama.attention.head_count_kv", nHeads),
      dHead,
      dMlp: fields.count("llama.feed_forward_length"),
      vocabSize,
      maxPositions: fields.count("llama.context_length"),
      normEpsilon: rounded(fields.positive("llama.attention.layer_norm_rms_epsilon")),
      ropeTheta: fields.positive("llama.rope.freq_base", 10_000),
      tiedEmbeddings: tied,
    });
  },

  *tensors(config) {
    const { nLayers, dModel, nHeads, nKeyValueHeads, dHead, dMlp, vocabSize } = config;
    const weight = (hub: string, gguf: string, shape: readonly number[], permutedHeads?: number): TensorLayout => ({
      hub: `${hub}.weight`,
      gguf: `${gguf}.weight`,
      shape,
      permutedHeads,
    });
    yield weight("model.embed_tokens", "token_embd", [vocabSize, dModel]);
    for (let i = 0; i < nLayers; i++) {
      const hub = `model.layers.${i}`;
      yield weight(`${hub}.input_layernorm`, `blk.${i}.attn_norm`, [dModel]);
      yield weight(`${hub}.self_attn.q_proj`, `blk.${i}.attn_q`, [nHeads * dHead, dModel], nHeads);
      yield weight(`${hub}.self_attn.k_proj`, `blk.${i}.attn_k`, [nKeyValueHeads * dHead, dModel], nKeyValueHeads);
      yield weight(`${hub}.self_attn.v_proj`, `blk.${i}.attn_v`, [nKeyValueHeads * dHead, dModel]);
      yield weight(`${hub}.self_attn.o_proj`, `blk.${i}.attn_output`, [dModel, nHeads * dHead]);
      yield weight(`${hub}.post_attention_layernorm`, `blk.${i}.ffn_norm`, [dModel]);
      yield weight(`${hub}.mlp.gate_proj`, `blk.${i}.ffn_gate`, [dMlp, dModel]);
      yield weight(`${hub}.mlp.up_proj`, `blk.${i}.ffn_up`, [dMlp, dModel]);
      yield weight(`${hub}.mlp.down_proj`, `blk.${i}.ffn_down`, [dModel, dMlp]);
    }
    yield weight("model.norm", "output_norm", [dModel]);
    if (!config.tiedEmbeddings) yield weight("lm_head", "output", [vocabSize, dModel]);
  },
};

/** What the numbers must be to each other. */
function checked(fields: Fields, config: ModelConfig): ModelConfig {
  if (config.nHeads % config.nKeyValueHeads !== 0)
    fields.fail("key/value heads", String(config.nKeyValueHeads), `a divisor of the ${config.nHeads} heads`);
  if (config.dHead % 2 !== 0) fields.fail("head size", String(config.dHead), "an even number, for rotary positions");
  return config;
}

/** GGUF keeps 1e-5 as a float32 (9.99999975e-6); the decimal that was meant is the shortest that rounds to it. */
function rounded(value: number): number {
  const short = Number(value.toPrecision(7));
  return Math.fround(short) === Math.fround(value) ? short : value;
}

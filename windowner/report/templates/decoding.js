"use strict";
// From the logits z of a sentence to its entities. A sequence y of tags has the score
//
//   s(y) = start[y_1] + sum of z_t[y_t] + sum of transition[y_t, y_t+1] + end[y_T]
//
// and the probability exp s(y) / Z. Z is the sum of exp s(y) of all sequences. Without a chain, start, transition and
// end are 0. A sequence that the tag scheme forbids, such as O I-PER, has a barrier added to its score.

const BARRIER = -30; // exp(-30) is about 1e-13

const argmax = (values) => values.reduce((best, value, k) => (value > values[best] ? k : best), 0);

// log sum exp of numbers
function logSum(values) {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((total, value) => total + Math.exp(value - largest), 0));
}

function makeDecoder(model, chain) {
  const tags = model.tags.map((name) => {
    const hyphen = name.indexOf("-");
    return { prefix: name[0], type: hyphen < 0 ? "" : name.slice(hyphen + 1) };
  });
  const K = tags.length, outside = model.tags.indexOf("O");

  // The chain's scores divided by a temperature, with a barrier where a sequence is illegal.
  function legalChain(barrier, scores = chain, temperature = 1) {
    const add = (learned, legal) => legal.map((is, k) => (learned ? learned[k] / temperature : 0) + (is ? 0 : barrier));
    return {
      start: add(scores?.start, model.legal.start),
      transition: model.legal.transition.map((legal, i) => add(scores?.transition[i], legal)),
      end: add(scores?.end, model.legal.end),
    };
  }

  // What the neighbours say of each word, as logarithms:
  //
  //   left_1  = start      left_t[j]  = log sum_i exp(left_t-1[i] + z_t-1[i] + transition[i, j])
  //   right_T = end        right_t[i] = log sum_j exp(transition[i, j] + z_t+1[j] + right_t+1[j])
  //
  //   log P(y_t = k)       = left_t[k] + z_t[k] + right_t[k] - log Z
  //   log P(y_s ... y_e)   = left_s[y_s] + sum of z and of transition between + right_e[y_e] - log Z
  function neighbours(z, { start, transition, end }) {
    const last = z.length - 1, left = [start], right = [];
    right[last] = end;
    for (let t = 1; t <= last; t++) {
      left[t] = end.map((_, j) => logSum(end.map((_, i) => left[t - 1][i] + z[t - 1][i] + transition[i][j])));
    }
    for (let t = last - 1; t >= 0; t--) {
      right[t] = end.map((_, i) => logSum(end.map((_, j) => transition[i][j] + z[t + 1][j] + right[t + 1][j])));
    }
    const logZ = logSum(end.map((_, k) => left[0][k] + z[0][k] + right[0][k]));
    return { left, right, logZ };
  }

  // Viterbi: the sequence with the best score. s_t[j] is the best score of a path that ends in tag j at word t.
  function bestPath(z, { start, transition, end }) {
    let s = start.map((score, k) => score + z[0][k]);
    const from = []; // from[t][j] is the tag before tag j at word t, on that path
    for (let t = 1; t < z.length; t++) {
      from[t] = end.map((_, j) => argmax(s.map((score, i) => score + transition[i][j])));
      s = from[t].map((i, j) => s[i] + transition[i][j] + z[t][j]);
    }
    const path = [];
    path[z.length - 1] = argmax(s.map((score, k) => score + end[k]));
    for (let t = z.length - 1; t > 0; t--) path[t - 1] = from[t][path[t]];
    return path;
  }

  // The threshold is subtracted from O's score. A positive one means more entities.
  const withThreshold = (rows) =>
    rows.map((row) => row.map((score, k) => (k === outside ? score - model.threshold : score)));

  // The tags of a sentence. Posterior decoding takes the legal sequence with the largest product of P(y_t).
  function decode(z) {
    if (!model.posterior || !chain) return bestPath(withThreshold(z), legalChain(-Infinity));
    const { left, right, logZ } = neighbours(z, legalChain(BARRIER));
    const logP = z.map((row, t) => row.map((score, k) => left[t][k] + score + right[t][k] - logZ));
    return bestPath(withThreshold(logP), legalChain(-Infinity, null));
  }

  // The entities of a legal sequence: one ends with its type, and before a prefix that opens one.
  function spans(path) {
    const found = [];
    path.forEach((tag, t) => {
      const { prefix, type } = tags[tag], last = found.at(-1);
      if (prefix === "O" || prefix === "_") return;
      if (last && last.end === t && last.type === type && !"BSU".includes(prefix)) last.end++;
      else found.push({ start: t, end: t + 1, type });
    });
    return found;
  }

  // The entities of a sentence with logits z: {start, end, type, probability}, tokens `start` to `end` (exclusive).
  function entities(z) {
    const path = decode(z), found = spans(path);
    if (!found.length) return found;
    const scores = withThreshold(z).map((row) => row.map((score) => score / model.temperature));
    const legal = legalChain(BARRIER, chain, model.temperature);
    const { left, right, logZ } = neighbours(scores, legal);
    for (const span of found) {
      let logP = left[span.start][path[span.start]] + right[span.end - 1][path[span.end - 1]] - logZ;
      for (let t = span.start; t < span.end; t++) logP += scores[t][path[t]];
      for (let t = span.start + 1; t < span.end; t++) logP += legal.transition[path[t - 1]][path[t]];
      span.probability = Math.exp(logP);
    }
    return found;
  }
  return entities;
}

// A tagger. `entities` returns the entities of each sentence of a document, given the sentences as lists of tokens.
function makeTagger(model) {
  const network = makeNetwork(model), decoder = makeDecoder(model, network.chain);
  const cutoffs = new Map(Object.entries(model.cutoffs));

  function entities(sentences) {
    const stretches = [];
    let tokens = LONGEST;
    for (const sentence of sentences) {
      if (tokens >= LONGEST) {
        stretches.push([]);
        tokens = 0;
      }
      stretches.at(-1).push(sentence);
      tokens += sentence.length;
    }
    return stretches.flatMap((stretch) => network.logits(stretch)).map(decoder);
  }

  // Whether an entity is as probable as `least`. null stands for the model's own cutoff of its type.
  const isProbable = ({ type, probability }, least) => probability >= (least ?? cutoffs.get(type) ?? 0);
  return { entities, isProbable };
}

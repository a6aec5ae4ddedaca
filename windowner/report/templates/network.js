"use strict";
// The tagger: from the words of a document to its entities. docs/derivation.md has the same formulas and names.
//
//   X  = the rows of a form in all tables, side by side, and the numbers of its characters      (D,)
//   P  = X W                 what a form adds to a window, at each position c                   (C, H)
//   z1 = b1 + sum over the positions c of P[c], of the form that stands there                   (H,)
//   h  = f(z1)                                                                                  (H,)
//   z2 = h U + b2            a score for each tag                                               (K,)
//
// X and P depend on the form alone. So they are computed once per form, and kept. Then a window costs C additions of H
// numbers. Matrices are arrays of numbers, row by row: the entry [i, j] of a matrix with n columns is at i * n + j.

const PAD = 0, UNK = 1, FIRST = 2; // rows of a table: beyond the edges of a sentence, unknown, the first value
const LONGEST = 1000; // a document of more tokens is cut into stretches of whole sentences
const MOST_FORMS = 50000; // so many are kept; then all are forgotten

// ---- Numbers: base64 of numbers of 2 bytes (half precision) or of 4 bytes, the lowest byte first

const HALVES = Float32Array.from({ length: 1 << 16 }, (_, bits) => {
  const sign = bits >> 15 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = (bits & 1023) / 1024;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
});

function readNumbers({ bytes, base64 }) {
  const view = new DataView(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
  const read = bytes === 2 ? (i) => HALVES[view.getUint16(2 * i, true)] : (i) => view.getFloat32(4 * i, true);
  return Float32Array.from({ length: view.byteLength / bytes }, (_, i) => read(i));
}

// ---- Features: from a form to the value that is looked up in a feature's table

// A character is a digit for Python if it stands for one, such as the superscript 2 and the circled 1.
const DIGIT = /[\p{Nd}\u00B2\u00B3\u00B9\u1369-\u1371\u19DA\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247C\u2488-\u2490\u24EA\u24F5-\u24FD\u24FF\u2776-\u277E\u2780-\u2788\u278A-\u2792\u{10A40}-\u{10A43}\u{10E60}-\u{10E68}\u{11052}-\u{1105A}\u{1F100}-\u{1F10A}]/u;
const UPPER = /\p{Uppercase}/u, LOWER = /\p{Lowercase}/u, TITLE = /\p{Lt}/u;

// An upper-case text has an upper-case letter, and none that is not. A lower-case text likewise.
const isUpper = (text) => UPPER.test(text) && !LOWER.test(text) && !TITLE.test(text);
const isLower = (text) => LOWER.test(text) && !UPPER.test(text) && !TITLE.test(text);

function capitals(form) {
  const [first, ...rest] = form; // characters
  if (form && [...form].every((character) => DIGIT.test(character))) return "digits";
  if (isLower(form)) return "lower";
  if (isUpper(form)) return rest.length ? "upper" : "letter";
  if (form && isUpper(first) && isLower(rest.join(""))) return "title";
  return UPPER.test(form) ? "mixed" : "other";
}

// GloVe-6B -> XxXx-dX: the kinds of the characters, without repeats, 8 at most.
function shape(form) {
  const kind = (character) => {
    if (UPPER.test(character)) return "X";
    if (/\p{L}/u.test(character)) return "x";
    return DIGIT.test(character) ? "d" : character;
  };
  return [...form].map(kind).filter((each, i, kinds) => each !== kinds[i - 1]).slice(0, 8).join("");
}

const FEATURES = {
  capitals: () => capitals,
  shape: () => shape,
  prefix: (length) => (form) => [...form].slice(0, length).join(""),
  suffix: (length) => (form) => [...form].slice(-length).join(""),
};

// The look-up of word vectors: as written, in lower case, with its digits replaced, and as it is usually written.
function spellings(form) {
  const lower = form.toLowerCase();
  const tried = [form, lower];
  if (/\p{Nd}/u.test(lower)) tried.push(...["0", "#"].map((digit) => lower.replace(/\p{Nd}/gu, digit)));
  if (/^[\0-\x7F]*$/.test(form)) return tried;
  const visible = form.replace(/[\p{Cf}\uFE00-\uFE0F]/gu, "");
  const plain = visible.replace(/[\u3000\uFF01-\uFFEE\uFB00-\uFB06]/g, (character) => character.normalize("NFKC"));
  const usual = [form, plain].map((each) => each.normalize("NFC")).filter((each) => each !== "");
  return [...tried, ...usual.flatMap((each) => [each, each.toLowerCase()])];
}

// ---- Nonlinearities

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const NONLINEARITIES = {
  sigmoid,
  tanh: Math.tanh,
  "hard-tanh": (z) => Math.max(-1, Math.min(z, 1)),
  relu: (z) => Math.max(0, z),
  "leaky-relu": (z) => Math.max(z, 0.01 * z),
  swish: (z) => z * sigmoid(z),
};

// ---- The network: from documents to logits

function makeNetwork(model) {
  const arrays = Object.fromEntries(Object.entries(model.arrays).map(([name, coded]) => [name, readNumbers(coded)]));
  const { W, b1, U, b2 } = arrays;
  const H = b1.length, K = b2.length, C = 2 * model.radius + 1;
  const f = NONLINEARITIES[model.nonlinearity];
  const rowsOf = (values) => new Map(values.map((value, i) => [value, FIRST + i]));
  const tables = model.tables.map(({ name, values, feature }) => ({
    rows: rowsOf(values),
    E: arrays[`E.${name}`],
    size: arrays[`E.${name}`].length / (FIRST + values.length),
    spellings: feature ? (form) => [FEATURES[feature.kind](Number(feature.argument))(form)] : spellings,
  }));
  const alphabet = model.alphabet && rowsOf(model.alphabet); // the marks of start and end have the rows 2 and 3

  // The row of a form in a table. The form of the padding is null.
  function findRow({ rows, spellings }, form) {
    if (form === null) return PAD;
    const known = spellings(form).find((spelling) => rows.has(spelling));
    return known === undefined ? UNK : rows.get(known);
  }

  // The numbers of a form from its characters: for each filter, the largest of 0 and of all its windows of 3 characters.
  function convolve(form) {
    const E = arrays["E.characters"], W = arrays["W.characters"], b = arrays["b.characters"];
    const size = E.length / (FIRST + model.alphabet.length), F = b.length;
    const characters = form === null ? [] : [...form];
    if (characters.length > 24) characters.splice(12, characters.length - 24);
    const spelled = [2, ...characters.map((character) => alphabet.get(character) ?? UNK), 3];
    const largest = new Float64Array(F);
    for (let first = 0; first + 3 <= spelled.length; first++) {
      const a = Float64Array.from(b);
      for (let p = 0; p < 3; p++) {
        for (let d = 0; d < size; d++) {
          for (let filter = 0; filter < F; filter++) {
            a[filter] += E[spelled[first + p] * size + d] * W[(d * 3 + p) * F + filter];
          }
        }
      }
      a.forEach((value, filter) => (largest[filter] = Math.max(largest[filter], value)));
    }
    return [...largest];
  }

  // X of a form.
  function embed(form) {
    const parts = tables.map((table) => {
      const row = findRow(table, form);
      return [...table.E.subarray(row * table.size, (row + 1) * table.size)];
    });
    return [...parts.flat(), ...(alphabet ? convolve(form) : [])];
  }

  // x M, for a vector x and a matrix M.
  function product(x, M) {
    const columns = M.length / x.length;
    const y = new Float64Array(columns);
    for (let i = 0; i < x.length; i++) {
      for (let j = 0; j < columns; j++) y[j] += x[i] * M[i * columns + j];
    }
    return y;
  }

  let kept = new Map(); // P of each form met so far

  function project(form) {
    if (!kept.has(form)) {
      if (kept.size >= MOST_FORMS) kept = new Map();
      kept.set(form, Float32Array.from(product(embed(form), W)));
    }
    return kept.get(form);
  }

  // h of each token of a sentence.
  function hidden(tokens) {
    const projected = tokens.map(project), padding = project(null);
    return tokens.map((_, t) => {
      const z1 = Float64Array.from(b1);
      for (let c = 0; c < C; c++) {
        const P = projected[t + c - model.radius] ?? padding;
        for (let j = 0; j < H; j++) z1[j] += P[c * H + j];
      }
      return z1.map(f);
    });
  }

  const sum = (...vectors) => vectors[0].map((_, k) => vectors.reduce((total, vector) => total + vector[k], 0));

  // z2 of each token, sentence by sentence. In a document, the other mentions of a word vote for its tag: the mean of
  // their h U_others is added. Mentions of a word are the tokens that are the same in lower case.
  function logits(sentences) {
    const h = sentences.map(hidden);
    if (!arrays["U.own"] || sentences.length < 2) return h.map((rows) => rows.map((row) => sum(product(row, U), b2)));
    const votes = h.map((rows) => rows.map((row) => product(row, arrays["U.others"])));
    const mentions = new Map(); // of each word, their number and the sum of their votes
    sentences.forEach((tokens, s) => tokens.forEach((token, t) => {
      const { count, total } = mentions.get(token.toLowerCase()) ?? { count: 0, total: new Float64Array(K) };
      mentions.set(token.toLowerCase(), { count: count + 1, total: sum(total, votes[s][t]) });
    }));
    return sentences.map((tokens, s) => tokens.map((token, t) => {
      const { count, total } = mentions.get(token.toLowerCase());
      const others = total.map((value, k) => (count > 1 ? (value - votes[s][t][k]) / (count - 1) : 0));
      return sum(product(h[s][t], arrays["U.own"]), others, arrays["b2.document"]);
    }));
  }

  const matrix = (name) => Array.from({ length: K }, (_, i) => arrays[name].subarray(i * K, (i + 1) * K));
  const chain = arrays.start && { start: arrays.start, transition: matrix("transition"), end: arrays.end };
  return { logits, chain };
}

"use strict";
// From text to sentences of tokens, each with its place in the text, as windowner/text has them.
//
// A piece is what stands between white space. Each piece is split into tokens by itself. Whether a sentence ends between
// two pieces depends on these two, and on the line ends between them.

function makeTokenizer({ tokenizer, abbreviations, titles, shortForms, starters }) {
  const PIECE = /[^\t-\r\x1C-\x20\x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/gu;

  // ---- The tokens of a piece

  const word = "\\p{L}\\p{M}\\p{N}_", noMore = `(?![${word}])`;
  const character = `[${word}\\u00AD\\u200C\\u200D]`; // a soft hyphen and a joiner are inside of words
  const anyCase = (words) => words.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
  const clitic = `['’](?:${anyCase("s|re|ve|ll|d|m")})${noMore}`;
  const elision = `(?:${anyCase("c|d|j|l|m|n|s|t|qu|dell|nell|all|sull|dall|un")})['’](?=\\p{L}{2})`;

  // `inside` are characters that may stand between the letters of a word. The first alternative that fits is the token.
  const european = (inside) => new RegExp([
    "(?:https?://|www\\.)\\S*[^\\s\\p{P}]/?", // addresses on the web
    `[${word}.+\\-]+@[${word}\\-]+(?:\\.[${word}\\-]+)+`, // and of mail
    `[@#][${word}]+`, // mentions and topics
    `&[${word}]+;`, // entities of HTML
    `<3+|[:;=8]['\\-]?[)(\\]\\[DPpOo/\\\\|3*$@]+${noMore}|\\^[_.\\-]*\\^`, // emoticons
    `(?:\\p{L}{1,4}\\.){2,}${noMore}`, // U.S.
    `(?:${abbreviations.join("|")})\\.${noMore}`, // Mr.
    `\\p{Lu}\\.${noMore}`, // initials
    elision, // l'
    `\\p{L}+(?=n['’]t${noMore})|n['’]t${noMore}`, // do n't
    clitic, // 's
    `(?:${character}|(?<=${character})(?!${clitic})(?!(?<=\\p{Ll})\\.\\p{Lu})${inside}(?=${character})|(?<=\\p{Nd})[,:/](?=\\p{Nd}))+`,
    "\\.{3,}|--+|\\*+|=+",
    "[\\u200B\\uFEFF]", // these separate words, and are in none
    "\\p{RI}{2}|[^](?:\\p{M}|\\p{EMod}|\\u200D\\p{Extended_Pictographic})*", // any other visible character
  ].join("|"), "gu");

  // Words as Unicode cuts them (UAX #29). Some scripts have no spaces between words: each character is a word.
  const spaceless = ["Han", "Hiragana", "Thai", "Lao", "Khmer", "Myanmar"].map((script) => `\\p{sc=${script}}`).join("");
  const letter = `(?![${spaceless}])\\p{Alphabetic}(?:(?!\\u200B)[\\p{M}\\p{Cf}])*`;
  const unicode = new RegExp([
    `(?:${letter}|\\p{Nd}\\p{M}*|\\p{Pc}|(?<=${letter})['’.:·](?=${letter})|(?<=\\p{Nd})['’.,;](?=\\p{Nd}))+`,
    "\\p{RI}{2}|[^](?:[\\p{M}\\u200C]|\\p{EMod}|\\u200D\\p{Extended_Pictographic}?)*",
  ].join("|"), "gu");

  const matches = (expression) => (piece) => piece.match(expression);
  const split = {
    european: matches(european("['’&/·.\\p{Pd}]")),
    "european-hyphens": matches(european("['’&·.]")),
    unicode: matches(unicode),
    "white-space": (piece) => [piece],
  }[tokenizer];

  // The tokens of a piece that begins at a place, which are the whole of it.
  function tokensOf(piece, place) {
    const tokens = split(piece).map((text) => ({ text, start: place, end: (place += text.length) }));
    return tokenizer === "white-space" ? tokens : tokens.filter(({ text }) => /[^\u200B\uFEFF]/.test(text));
  }

  // ---- Where a sentence ends: `closes` of a piece and `opens` of the next one have a bit in common

  const NEVER = 0, STARTER = 1, ANY = 2;
  const OPENING = /^["'“”‘’«»„‚([{<¿¡*\-–—•‹›「『《（]+/u, CLOSING = /["'”’»)\]}›」』》）*]+$/u;
  const set = (words) => new Set(words);
  const TITLES = set(titles), SHORT_FORMS = set(shortForms), STARTERS = set(starters);

  // Behind which ends a sentence may open with this piece.
  function opens(piece) {
    const word = piece.replace(OPENING, "");
    if (!word) return ANY;
    if (/^[\p{Lowercase},;:.!?…)\]}%&/]/u.test(word)) return NEVER;
    return STARTERS.has(word) ? ANY | STARTER : ANY;
  }

  // Before which pieces a sentence may close with this piece.
  function closes(piece) {
    const closed = piece.replace(CLOSING, "");
    const stop = closed.match(/[.!?…。！？؟।]*$/u)[0];
    if (!stop) return NEVER;
    const word = closed.slice(0, closed.length - stop.length).replace(OPENING, ""), lower = word.toLowerCase();
    if (![".", "…", "..."].includes(stop)) return word || "。！？".includes(stop) ? ANY : STARTER;
    if (stop !== ".") return STARTER;
    if (TITLES.has(lower)) return NEVER;
    const isDoubtful = /^(?:\p{L}?|\p{Nd}{1,2})$/u.test(word) || SHORT_FORMS.has(lower) ||
      (/[\p{L}\p{N}_]\.[\p{L}\p{N}_]/u.test(word) && !/\p{Nd}/u.test(word));
    return isDoubtful ? STARTER : ANY;
  }

  // Whether a sentence ends between two neighbouring pieces: also at an empty line, and at a line end behind a stop
  // that stands for itself, as in text that was tokenized.
  function endsBetween(before, between, after) {
    const lines = between.match(/\r\n|[\n\r\x85\u2028]/g) ?? [];
    if (lines.length > 1 || between.includes("\u2029")) return true;
    if (lines.length && /^[.!?…]$/u.test(before) && opens(after)) return true;
    return (closes(before) & opens(after)) !== 0;
  }

  // The sentences of a text: lists of {text, start, end}.
  return (text) => {
    const sentences = [];
    let before = null;
    for (const { 0: piece, index } of text.matchAll(PIECE)) {
      const isFirst = before === null ||
        (tokenizer !== "white-space" && endsBetween(before.piece, text.slice(before.end, index), piece));
      if (isFirst) sentences.push([]);
      sentences.at(-1).push(...tokensOf(piece, index));
      before = { piece, end: index + piece.length };
    }
    return sentences.filter((sentence) => sentence.length);
  };
}

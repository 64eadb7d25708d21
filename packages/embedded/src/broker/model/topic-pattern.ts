/**
 * Whether a routing key matches a topic pattern: words between dots, `*` is one word, `#` any number of words.
 * Both are walked once per `#`, never exponentially: only the last `#` seen is ever tried again.
 */
export function isTopicMatch(pattern: string, routingKey: string): boolean {
  const words = splitWords(pattern);
  const key = splitWords(routingKey);
  let word = 0;
  let at = 0;
  let lastHash = -1;
  let retryAt = 0;
  while (at < key.length) {
    if (words[word] === "#") {
      lastHash = word++;
      retryAt = at;
    } else if (word < words.length && (words[word] === "*" || words[word] === key[at])) {
      word++;
      at++;
    } else if (lastHash >= 0) {
      word = lastHash + 1;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  while (words[word] === "#") word++;
  return word === words.length;
}

/** No words in the empty key: `#` matches it, `*` does not (RabbitMQ does the same). */
function splitWords(text: string): string[] {
  return text === "" ? [] : text.split(".");
}

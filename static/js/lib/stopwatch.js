/** Counts the seconds a person spends on each sentence: only while the page is in front and somebody is there. */

const IDLE_AFTER = 120_000;

export class Stopwatch {
  /** @type {Map<number, number>} milliseconds by sentence */
  #spent = new Map();
  /** @type {number | null} */
  #on = null;
  #since = 0;
  #lastSign = 0;
  #now;
  #isWatched;

  /**
   * @param {() => number} [now]
   * @param {() => boolean} [isWatched]  whether the page is in front
   */
  constructor(now = () => performance.now(), isWatched = () => !document.hidden && document.hasFocus()) {
    this.#now = now;
    this.#isWatched = isWatched;
    this.#since = this.#lastSign = now();
  }

  /** @param {number} sentence  the one now in hand */
  turnTo(sentence) {
    this.sign();
    this.#on = sentence;
  }

  /** A key, a click, the page coming or going: count up to here. */
  sign() {
    const now = this.#now();
    if (this.#on !== null) {
      const wasThere = now - this.#lastSign <= IDLE_AFTER && now > this.#since;
      if (wasThere) this.#spent.set(this.#on, (this.#spent.get(this.#on) ?? 0) + now - this.#since);
    }
    this.#lastSign = now;
    this.#since = this.#isWatched() ? now : Infinity;
  }

  /**
   * The whole seconds on this sentence since they were last taken; the rest stays for the next time.
   * @param {number} sentence
   */
  take(sentence) {
    this.sign();
    const spent = this.#spent.get(sentence) ?? 0;
    const seconds = Math.floor(spent / 1000);
    this.#spent.set(sentence, spent - seconds * 1000);
    return seconds;
  }
}

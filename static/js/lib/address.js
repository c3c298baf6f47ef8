/** Addresses as people write them. */

/**
 * One that begins with its host gets `https://`, as the server does it (`webapp/domain/plain_text.py`).
 * @param {string} address
 */
export function wholeAddress(address) {
  return /^(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}\.?(?::\d{1,5})?(?:[/?#]|$)/u.test(address) ? `https://${address}` : address;
}

/** @param {string} address */
export function isAddress(address) {
  return /^https?:\/\/[^\s<>"/]+/i.test(address) && !/[\s<>"]/.test(address) && URL.canParse(address);
}

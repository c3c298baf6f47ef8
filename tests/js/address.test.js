/** An address gets the `https://` that nobody writes; the examples are those of the server's test. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { wholeAddress } from '../../static/js/lib/address.js';

test('an address that begins with its host gets https', () => {
  const examples = JSON.parse(readFileSync(new URL('addresses.json', import.meta.url), 'utf8'));
  for (const [written, whole] of Object.entries(examples)) assert.equal(wholeAddress(written), whole ?? written);
});

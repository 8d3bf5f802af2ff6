// SPDX-License-Identifier: Apache-2.0
/**
 * Text made from Velocity templates. A template sees the components of one typed record and nothing
 * else; texts that come from a model are {@link dev.etch.templates.SafeText}, already escaped for
 * the language they go into, and a plain {@link String} is refused.
 */
package dev.etch.templates;

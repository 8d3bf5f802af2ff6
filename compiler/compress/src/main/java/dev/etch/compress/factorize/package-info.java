// SPDX-License-Identifier: Apache-2.0
/** Layers as products of smaller layers. */
package dev.etch.compress.factorize;

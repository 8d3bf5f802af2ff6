// SPDX-License-Identifier: Apache-2.0
/**
 * Exact arithmetic: which values can occur (range analysis), and hardware forms of requantization
 * staircases and sums that are proved equal to the framework's definition on all of them.
 */
package dev.etch.exact;

// SPDX-License-Identifier: Apache-2.0
/**
 * Text forms of the graph, the hardware and the mapping: print, parse, round-trip. Attributes are
 * the components of records, read and written by reflection, so that a new operator or unit needs
 * no change here.
 */
package dev.etch.text;

// SPDX-License-Identifier: Apache-2.0
/** Reads model files of any supported format into a graph. */
package dev.etch.importer;

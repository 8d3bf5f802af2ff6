// SPDX-License-Identifier: Apache-2.0
/** Data sets: files in several formats, all read as items of one shape with labels. */
package dev.etch.compress.data;

// SPDX-License-Identifier: Apache-2.0
/** Operators: attributes, type inference and reference meaning, one record each. */
package dev.etch.op;

// SPDX-License-Identifier: Apache-2.0
/** What is done to a model, step by step, and what came of each step. */
package dev.etch.compress.recipe;

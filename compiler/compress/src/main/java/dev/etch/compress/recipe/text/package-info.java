// SPDX-License-Identifier: Apache-2.0
/** Recipes as text: a line for each step. */
package dev.etch.compress.recipe.text;

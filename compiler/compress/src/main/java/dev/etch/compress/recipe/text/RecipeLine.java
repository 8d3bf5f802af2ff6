// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

/** A line of a recipe: its components are what may be said of it. */
sealed interface RecipeLine permits SettingLine, StepLine {}

// SPDX-License-Identifier: Apache-2.0
/** Synthesis scripts and constraints. */
package dev.etch.templates.script;

// SPDX-License-Identifier: Apache-2.0
/** The command line: one class a command, and {@link dev.etch.cli.Pipeline}, the whole flow. */
package dev.etch.cli;

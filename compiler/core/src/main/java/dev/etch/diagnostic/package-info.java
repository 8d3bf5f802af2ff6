// SPDX-License-Identifier: Apache-2.0
/** Located messages to the user, and the exception that marks a bug. */
package dev.etch.diagnostic;

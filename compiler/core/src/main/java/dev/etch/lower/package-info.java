// SPDX-License-Identifier: Apache-2.0
/** Integer graph to hardware IR, one file an operator. */
package dev.etch.lower;

// SPDX-License-Identifier: Apache-2.0
/** Float networks that are trained: graphs of Etch, their weights, and built-in architectures. */
package dev.etch.compress.network;

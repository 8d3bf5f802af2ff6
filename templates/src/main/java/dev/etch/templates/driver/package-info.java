// SPDX-License-Identifier: Apache-2.0
/** The generated Java host driver: a Maven project that depends on nothing of Etch. */
package dev.etch.templates.driver;

// SPDX-License-Identifier: Apache-2.0
/** report.json and report.html. */
package dev.etch.templates.report;

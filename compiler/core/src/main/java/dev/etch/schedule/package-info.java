// SPDX-License-Identifier: Apache-2.0
/**
 * Folding, static schedules, queue sizes and the cycle model: problem, solver and checker apart.
 */
package dev.etch.schedule;

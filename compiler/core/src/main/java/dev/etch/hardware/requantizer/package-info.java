// SPDX-License-Identifier: Apache-2.0
/**
 * The hardware forms of requantizers, and the constants that each is made with: a record a form,
 * such as {@link dev.etch.hardware.requantizer.Scale}, and a class such as {@code ScaleConstants}.
 * The area estimate and the Verilog generator have classes of the same stem, {@code ScaleArea} and
 * {@code ScaleHardware}. {@link dev.etch.hardware.requantizer.Requantizer.Visitor} has a method a
 * form, so that compilers point to every place that has to know a new one.
 */
package dev.etch.hardware.requantizer;

// SPDX-License-Identifier: Apache-2.0
/**
 * The hardware forms of requantizers, and the read-only memories that each is made with: a record a
 * form, such as {@link dev.etch.hardware.requantizer.Scale}. The area estimate and the Verilog
 * generator have a class of the same stem for each: {@code ScaleArea}, {@code ScaleHardware}. A new
 * form is a method of {@link dev.etch.hardware.requantizer.Requantizer.Visitor}, so javac and
 * scalac point to every place that has to know it.
 */
package dev.etch.hardware.requantizer;

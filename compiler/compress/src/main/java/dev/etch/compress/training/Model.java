// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import java.util.Objects;

/**
 * A network in the course of its compression: what every step takes and gives.
 *
 * @param network its constants are what the restrictions allow
 * @param restrictions what later steps have to keep
 */
public record Model(Network network, Restrictions restrictions) {
  public Model {
    Objects.requireNonNull(network);
    Objects.requireNonNull(restrictions);
  }

  /** A network without restrictions. */
  public static Model of(Network network) {
    return new Model(network, Restrictions.NONE);
  }

  /** With other restrictions, and constants that they allow. */
  public Model restricted(Restrictions others) {
    return new Model(network.with(others.restrict(network.parameters())), others);
  }

  /** With other constants, or what the restrictions allow in their place. */
  public Model with(Parameters values) {
    return new Model(network.with(restrictions.restrict(values)), restrictions);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.exposition;

import java.util.List;

/**
 * A bean that has something to show. Asked at each scrape, by several threads: it answers from memory and never waits. Shown
 * in the order of their {@link jakarta.annotation.Priority}.
 */
@FunctionalInterface
public interface FamilySource {
    List<Family> families();
}

package io.viewkeeper.metrics.exposition;

import java.util.List;

/**
 * A bean that has something to show. Asked at each scrape, by several threads: it answers from memory and never waits. Where
 * series must be cut, those of the bean with the lowest {@link jakarta.annotation.Priority} go first.
 */
@FunctionalInterface
public interface FamilySource {
    List<Family> families();
}

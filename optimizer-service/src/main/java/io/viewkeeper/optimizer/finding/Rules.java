package io.viewkeeper.optimizer.finding;

import java.util.List;

/** Every rule there is, in the order of docs/findings. */
public final class Rules {
    public static final List<Rule> ALL = List.of();

    private Rules() {}
}

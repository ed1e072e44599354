// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.start;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.function.Supplier;

/** A setting that makes no sense ends the start, with the sentence that says which and why, and no stack trace. */
public final class WrongSetting {
    private WrongSetting() {}

    /** What is made of settings, whose objections are {@link IllegalArgumentException}s with that sentence. */
    public static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw of(String.valueOf(wrong.getMessage()));
        }
    }

    /** Quarkus writes the message of the innermost cause, so this has none. */
    public static ConfigurationException of(String sentence) {
        return new ConfigurationException(sentence);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

import io.quarkus.security.identity.SecurityIdentity;
import io.viewkeeper.schema.log.LogText;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** The name of whoever asks, as it is recorded and logged. Never one of ours, which hold a colon and a blank. */
public final class Caller {
    private Caller() {}

    public static String name(SecurityIdentity identity) {
        @Nullable Principal principal = identity.isAnonymous() ? null : identity.getPrincipal();
        @Nullable String name = principal == null ? null : principal.getName();
        return name == null || name.isBlank() ? "unnamed" : LogText.of(name).replace(": ", ":");
    }
}

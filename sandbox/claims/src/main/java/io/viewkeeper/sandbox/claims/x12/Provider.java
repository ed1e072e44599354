// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import org.jspecify.annotations.Nullable;

/**
 * A billing or rendering provider. An atypical provider (a taxi, say) has no National Provider Identifier; the taxonomy
 * code (NUCC) is what the PRV segment says, if there is one.
 */
public record Provider(
        @Nullable String npi, String name, @Nullable String taxonomy) {}

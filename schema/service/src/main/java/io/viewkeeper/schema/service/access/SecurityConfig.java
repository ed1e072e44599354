// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Files with the tokens of those who may command. OIDC has Quarkus' own settings. */
@ConfigMapping(prefix = "viewkeeper.security")
interface SecurityConfig {
    /** Tokens whose bearers may change things: one on each line, {@code name:token} or the token alone. */
    Optional<Path> operatorTokenFile();

    /** Tokens whose bearers are known and may change nothing; written alike. */
    Optional<Path> readerTokenFile();
}

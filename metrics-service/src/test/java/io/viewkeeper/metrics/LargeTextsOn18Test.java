// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.PostgresVersion;
import org.junit.jupiter.api.Tag;

@Tag("release")
@QuarkusTest
@WithTestResource(value = LargeTextsOn18Test.On18.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class LargeTextsOn18Test extends LargeTexts {
    public static class On18 extends Server {
        public On18() {
            super(PostgresVersion.V18);
        }
    }
}

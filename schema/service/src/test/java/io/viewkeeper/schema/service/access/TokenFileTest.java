// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path directory = Path.of("");

    @Test
    void namesTheHolderOfATokenAndNobodyElse() throws Exception {
        var file = file("# comment\n\n alice : " + TOKEN + " \r\nbob:" + TOKEN + "-2\n");
        assertThat(file.nameOf(TOKEN)).contains("alice");
        assertThat(file.nameOf(TOKEN + "-2")).contains("bob");
        assertThat(file.nameOf(TOKEN + "-3")).isEmpty();
        assertThat(file.nameOf("")).isEmpty();
        assertThat(file.nameOf("alice:" + TOKEN)).isEmpty();
        assertThat(file.count()).isEqualTo(2);
    }

    @Test
    void aTokenWithoutANameIsTheRolesOwn() throws Exception {
        assertThat(file(TOKEN).nameOf(TOKEN)).contains("operator");
    }

    @Test
    void anotherContentIsInForceAtOnce() throws Exception {
        var file = file("alice:" + TOKEN);
        // Same size, and perhaps the same time of modification.
        file("carol:fedcba9876543210");
        assertThat(file.nameOf(TOKEN)).isEmpty();
        assertThat(file.nameOf("fedcba9876543210")).contains("carol");
    }

    @Test
    void saysWhatIsWrongAndNeverWhatIsInIt() throws Exception {
        assertThatThrownBy(file("ok:" + TOKEN + "\neve:tooshort")::count)
                .hasMessageContaining("the.setting=")
                .hasMessageContaining("line 2")
                .hasMessageContaining("16 characters")
                .hasMessageNotContaining("tooshort");
        assertThatThrownBy(file("e\u001bve:" + TOKEN)::count).hasMessageContaining("line 1");
        assertThatThrownBy(file(":" + TOKEN)::count).hasMessageContaining("line 1");
        assertThatThrownBy(file("x".repeat(70_000))::count).hasMessageContaining("65536 bytes");
        assertThatThrownBy(new TokenFile("the.setting", directory.resolve("none"), Role.READER)::count)
                .hasMessageContaining("cannot be read");
        Files.write(directory.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(new TokenFile("the.setting", directory.resolve("bytes"), Role.READER)::count)
                .hasMessageContaining("UTF-8");
    }

    private TokenFile file(String content) throws Exception {
        return new TokenFile("the.setting", Files.writeString(directory.resolve("tokens"), content), Role.OPERATOR);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReasonTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new ConnectException("Connection refused: db/10.0.0.1:5432"),
                        "Connection refused: db/10.0.0.1:5432"),
                Arguments.of(new SocketException("Connection reset"), "Connection reset"),
                Arguments.of(new UnknownHostException("db"), "the host db is not known"),
                Arguments.of(new ClosedChannelException(), "the connection was closed"),
                Arguments.of(new TimeoutException(), "no answer in time"),
                Arguments.of(new IOException(), "the connection broke, or a file could not be read"),
                Arguments.of(new RuntimeException(), "no reason was given"),
                Arguments.of(
                        new RuntimeException(
                                "io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused"),
                        "Connection refused"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysNoNameOfAClass(Throwable failure, String said) {
        assertThat(Reason.of(failure)).isEqualTo(said);
        assertThat(Reason.ofInnermost(new ExecutionException(new IllegalStateException(failure))))
                .isEqualTo(said);
    }

    @Test
    void nothingIsAReason() {
        assertThat(Reason.of(null)).isEqualTo("no reason was given");
    }
}

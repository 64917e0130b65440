package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AppliedAdviceTest {
    static Stream<Arguments> advices() {
        return Stream.of(
                Arguments.of("h:1 --tls 1.3", Advice.of("%s", Setting.VERSIONS.to("1.2")), "h:1 --tls 1.2"),
                Arguments.of("--tls=1.3 h:1 --hex", Advice.of("%s or %s", Setting.VERSIONS.to("1.0"),
                        Setting.VERSIONS.to("1.1")), "h:1 --hex --tls 1.0"),
                Arguments.of("h:1", Advice.of("%s; and %s", Setting.SUITES.to("A_B"), Setting.GROUPS.to("x25519")),
                        "h:1 --cipher A_B --group x25519"),
                Arguments.of("h:1 --sni a.example", Advice.of("%s with a name that it serves, or %s for none",
                        Setting.SERVER_NAME, Setting.SERVER_NAME.to("''")), "h:1 --sni ''"),
                Arguments.of("h:1 --resume", Advice.of("%s", Setting.NO_TICKETS), "h:1 --resume --no-tickets"),
                Arguments.of("h:1", Advice.of("%s", Setting.CLIENT_CERTIFICATE.to("FILE")), null),
                Arguments.of("h:1", Advice.words("check that the port speaks TLS"), null),
                Arguments.of("h:1", Advice.of("other versions with %s", Setting.VERSIONS), null));
    }

    @ParameterizedTest
    @MethodSource("advices")
    void valuesTakeThePlaceOfThoseThatWereGiven(String given, Advice advice, String followed) {
        assertEquals(Optional.ofNullable(followed),
                AppliedAdvice.of(List.of(given.split(" ")), advice).map(AppliedAdvice::toString));
    }

    @ParameterizedTest
    @MethodSource("words")
    void isWrittenForAShell(String word, String written) {
        assertEquals(written, new AppliedAdvice(List.of(word)).toString());
    }

    static Stream<Arguments> words() {
        return Stream.of(Arguments.of("--cipher", "--cipher"), Arguments.of("a b", "'a b'"),
                Arguments.of("it's", "'it'\\''s'"), Arguments.of("", "''"), Arguments.of("[::1]:443", "'[::1]:443'"));
    }
}

package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.report.RunWords;
import dev.shakedown.report.SessionWords;
import dev.shakedown.results.SessionYield;
import dev.shakedown.results.Setting;
import dev.shakedown.results.UnsentReason;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.wire.Refusal;
import dev.shakedown.trace.Meaning;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Advice names options that there are, in the words that people know. */
class OptionNamesTest {
    @Test
    void everySettingHasAnOption() {
        var options = new HashSet<String>();
        collect(Main.commandLine(), options);
        for (var setting : Setting.values()) {
            assertTrue(options.contains(OptionNames.of(setting)), setting::toString);
        }
    }

    private static void collect(CommandLine command, HashSet<String> options) {
        options.addAll(command.getCommandSpec().optionsMap().keySet());
        options.addAll(command.getCommandSpec().negatedOptionsMap().keySet());
        command.getSubcommands().values().forEach(each -> collect(each, options));
    }

    @ParameterizedTest
    @CsvSource({"CERTIFICATE_UNTRUSTED, it is so; --ca names the authority to trust",
        "CERTIFICATE_REFUSED_BY_JAVA, it is so; with --verify none it is not read",
        "DH_GROUP_UNUSABLE, it is so; with --key-share base-point it needs none", "CLIENT_FAULT, it is so"})
    void whatThisClientRefuses(Refusal rule, String meaning) {
        assertEquals(meaning, Meaning.of(new HandshakeFailure(Stage.CERTIFICATE, true, rule.alert().label(), true,
                Optional.of(rule), "it is so")).in(OptionNames::of));
    }

    @ParameterizedTest
    @CsvSource({"unrecognized_name, true, the server does not serve the name in --sni",
        "no_application_protocol, true, the server speaks none of the protocols in --alpn",
        "unrecognized_name, false, it is so", "handshake_failure, true, it is so"})
    void whatTheServerDoes(String cause, boolean byAlert, String meaning) {
        assertEquals(meaning, Meaning.of(new HandshakeFailure(Stage.SERVER_HELLO, false, cause, byAlert,
                Optional.empty(), "it is so")).in(OptionNames::of));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "PORTS | because the generator, not the server, ran out of ports: close with --close rst, or add"
                + " --source-address with more addresses",
        "SOURCES | because the generator, not the server, ran out of sources: add --source-address with more"
                + " addresses, or allow more --connections-per-source",
        "LATE | because the generator was later than --max-late allows: lower the rate, add --threads where processors"
                + " are idle, or load from more machines",
        "MAX_IN_FLIGHT | because too many were under way: the server kept more waiting than --max-in-flight allows"})
    void whatTheGeneratorRanOutOf(UnsentReason reason, String words) {
        assertEquals(words, RunWords.unsent(reason.label()).in(OptionNames::of));
    }

    @Test
    void aMixThatAsksForMoreSessionsThanThereAre() {
        assertTrue(SessionWords.shortage(new SessionYield(2, 0, 1), 1, 4).orElseThrow().in(OptionNames::of)
                .endsWith("; offer each 2 times with --resume-uses 2, or ask for --mix full=1,resumed=2"));
    }
}

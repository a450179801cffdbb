package confcodes;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import confcodes.conference.Pbx;
import java.util.Set;

/** Which package may use what: {@code conference} ← {@code ami}, {@code agi} ← {@code cli}, and each library in one place. */
@AnalyzeClasses(locations = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule there_are_four_packages = classes()
            .should()
            .resideInAnyPackage("confcodes.conference", "confcodes.ami", "confcodes.agi", "confcodes.cli");

    @ArchTest
    static final ArchRule conference_uses_the_JDK_only = only("confcodes.conference");

    @ArchTest
    static final ArchRule ami_uses_conference_and_the_pool =
            only("confcodes.ami", "confcodes.conference", "org.apache.commons.pool2..", "org.slf4j");

    @ArchTest
    static final ArchRule agi_uses_conference_and_FastAGI = only(
            "confcodes.agi",
            "confcodes.conference",
            "org.asteriskjava.fastagi..",
            "org.asteriskjava.util..",
            "org.slf4j");

    @ArchTest
    static final ArchRule cli_uses_all_of_them_and_has_the_command_line = only(
            "confcodes.cli",
            "confcodes.conference",
            "confcodes.ami",
            "confcodes.agi",
            "picocli",
            "com.google.gson..",
            "org.jline..",
            "com.sun.net.httpserver",
            "io.prometheus..",
            "jdk.net",
            "org.slf4j");

    /** No other command loads it. */
    @ArchTest
    static final ArchRule JLine_is_used_by_the_screen_alone = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("confcodes.cli.Screen")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jline..");

    /** So they are loaded only with a metrics-port. */
    @ArchTest
    static final ArchRule one_class_knows_Prometheus_and_HTTP = noClasses()
            .that()
            .haveNameNotMatching("confcodes\\.cli\\.Metrics(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.prometheus..", "com.sun.net.httpserver");

    @ArchTest
    static final ArchRule parameters_are_passed_and_not_left_in_a_thread =
            noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);

    /** Whoever extends a library's class has its methods for their own, and its internals for a contract. */
    @ArchTest
    static final ArchRule classes_of_libraries_are_not_extended = noClasses()
            .that()
            .areNotAssignableTo(Throwable.class)
            .should()
            .beAssignableTo(resideOutsideOfPackages("confcodes..", "java..", "javax..")
                    .and(not(INTERFACES))
                    .as("classes of libraries"));

    private static ArchRule only(String name, String... others) {
        String[] allowed = new String[others.length + 3];
        System.arraycopy(others, 0, allowed, 3, others.length);
        allowed[0] = name;
        allowed[1] = "java..";
        allowed[2] = "javax.net..";
        return classes()
                .that()
                .resideInAPackage(name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    /** All compiled production code, whatever package it says it is in. */
    static final class MainClasses implements LocationProvider {

        @Override
        public Set<Location> get(Class<?> testClass) {
            return Set.of(
                    Location.of(Pbx.class.getProtectionDomain().getCodeSource().getLocation()));
        }
    }
}

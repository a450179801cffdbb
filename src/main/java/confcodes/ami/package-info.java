/**
 * The port {@link confcodes.conference.Pbx} over Asterisk's manager interface (AMI): a pool of asterisk-java connections. It
 * uses {@code conference}, asterisk-java and commons-pool2; {@code cli} uses it, {@code agi} does not know it.
 */
package confcodes.ami;

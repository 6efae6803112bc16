/** What two parsers of the registry read otherwise (docs/adr/0075-other-tools-files.md). */
export const ODD_ZONE_FILE = `$TTL 1h
$ORIGIN example.com.
@ IN SOA ns1 hostmaster.example.com. ( 2026112801 ; serial
  2h 1d
  4w 5m ) ; the end
        NS      ns1
        NS      ns2.example.net.
1host   A       192.0.2.1
        300 A   192.0.2.2
www     300 IN  CNAME 1host
api     IN 600  A 192.0.2.9 ; a comment; and more
        IN 600  AAAA 2001:db8::9
t       TXT     "a;b" "c ( \\" d"
$ORIGIN sub
b       a       192.0.2.4
*       CNAME   @
$ORIGIN example.com.
c.example.com. AAAA ( 2001:db8::1 )
a\\.b    A       192.0.2.5
a\\032c  A       192.0.2.6
d\\e     A       192.0.2.7
elsewhere.example.net. A 192.0.2.8
`;

/**
 * The codes of countries that are officially assigned (ISO 3166-1 alpha-2, as of the ISO Online Browsing Platform: 249).
 * Codes that users may assign themselves (`AA`, `QM` to `QZ`, `XA` to `XZ`, `ZZ`), `XK` among them, are no countries of
 * the standard. GeoLocation (API reference) takes the codes of the standard, and names `UA` once more.
 */
export const COUNTRIES: ReadonlySet<unknown> = codes(`
  AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
  CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
  GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
  KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
  MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM
  PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ
  TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`);

/**
 * The 50 states of the United States and the District of Columbia (ISO 3166-2:US). GeoLocation (API reference) takes the
 * two-letter code of a state together with the country `US`, and no other subdivision of any country. Possessions have
 * country codes of their own (`PR`, `GU`, `VI`, `AS`, `MP`, `UM`), and it is on no record that Route 53 takes them as
 * subdivisions as well.
 */
export const US_STATES: ReadonlySet<unknown> = codes(`
  AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA
  RI SC SD TN TX UT VA VT WA WI WV WY`);

/** The codes of continents (GeoLocation, API reference). */
export const CONTINENTS: ReadonlySet<unknown> = codes('AF AN AS EU NA OC SA');

function codes(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

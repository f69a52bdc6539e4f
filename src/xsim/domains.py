"""Top-level domains this server takes for the end of a host name.

A sample, not the whole registry: every country code, the generic ones people post, and the
written-out national ones that are common. A domain that is missing here is counted as plain text.
"""

from __future__ import annotations

COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt
bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg
er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn
hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne
nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb
sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr
tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
GENERIC = """
academy aero agency app art asia audio auto bank bar beer berlin best bike biz blog boutique
brand build business buzz cafe camera camp capital care careers cars cash cat center chat church
city clothing cloud club coach codes coffee com community company computer consulting cool coop
credit date deals design dev digital direct directory discount dog domains earth edu education
email energy engineering estate events exchange expert express fail family fans farm fashion fit
fitness football forum foundation fun fund fyi gallery game games garden gay gift global gold
golf google gov graphics green group guide guru hamburg health help holiday horse hospital house
how info ink institute int international investments jobs kim kitchen koeln land law legal life
limited link live loan london love ltd luxury market marketing media melbourne memorial mil mobi
money movie museum name net network news nyc one online org organic page paris partners party
pet photo photography photos pics pizza place plus post press pro productions properties pub
radio recipes red rent report restaurant review reviews rip rocks run sale school science
services shoes shop show site social software solar solutions space sport store stream studio
style sucks support surf systems tax team tech technology tel theater tips tokyo tools top tours
town toys trade training travel tube university vegas ventures video vin vip vision vote watch
web website wedding wien wiki win wine work works world wtf xin xxx xyz yoga zip zone
"""
WRITTEN_OUT = """
中国 中國 公司 网络 在线 商城 网址 香港 台湾 台灣 澳門 新加坡 みんな コム 한국 рф рус бел укр
қаз срб мкд бг ею
ευ ελ भारत ভারত இந்தியா ไทย پاکستان ایران السعودية مصر امارات قطر المغرب الجزائر
"""
TOP_LEVEL = frozenset((COUNTRIES + GENERIC + WRITTEN_OUT).split())

"""Cities that are no time zone's principal one, and better names for some that are. Pure data.

A zone, then its cities a line each: the Arabic names, the one shown first, and the English name.
"""

from __future__ import annotations

Town = tuple[tuple[str, ...], str, str]
"""Arabic names, the English name, the zone."""

_TABLE = """
# Asia/Riyadh
الرياض، السعودية = Riyadh
مكة المكرمة، مكة = Mecca
المدينة المنورة = Medina
جدة = Jeddah
الدمام = Dammam
الخبر = Khobar
الظهران = Dhahran
الطائف = Taif
تبوك = Tabuk
بريدة، القصيم = Buraydah
أبها، عسير = Abha
خميس مشيط = Khamis Mushait
حائل = Hail
نجران = Najran
جازان، جيزان = Jazan
الأحساء، الهفوف = Al-Ahsa
ينبع = Yanbu
الجبيل = Jubail
سكاكا، الجوف = Sakaka
# Asia/Dubai
أبوظبي، أبو ظبي = Abu Dhabi
الشارقة = Sharjah
العين = Al Ain
عجمان = Ajman
رأس الخيمة = Ras Al Khaimah
الفجيرة = Fujairah
أم القيوين = Umm Al Quwain
# Asia/Bahrain
المنامة = Manama
المحرق = Muharraq
# Asia/Qatar
الدوحة = Doha
الريان = Al Rayyan
# Asia/Kuwait
حولي = Hawalli
الجهراء = Jahra
# Asia/Muscat
صلالة = Salalah
صحار = Sohar
نزوى = Nizwa
# Asia/Aden
صنعاء = Sanaa
تعز = Taiz
الحديدة = Hodeidah
المكلا، حضرموت = Mukalla
إب = Ibb
مأرب = Marib
# Asia/Baghdad
الموصل، نينوى = Mosul
البصرة = Basra
أربيل، هولير = Erbil
السليمانية = Sulaymaniyah
كركوك = Kirkuk
النجف = Najaf
كربلاء = Karbala
الناصرية، ذي قار = Nasiriyah
الرمادي، الأنبار = Ramadi
الفلوجة = Fallujah
الحلة، بابل = Hillah
الديوانية = Diwaniyah
العمارة، ميسان = Amarah
الكوت، واسط = Kut
بعقوبة، ديالى = Baqubah
تكريت = Tikrit
سامراء = Samarra
دهوك = Duhok
# Asia/Damascus
حلب = Aleppo
حمص = Homs
حماة = Hama
اللاذقية = Latakia
طرطوس = Tartus
إدلب = Idlib
دير الزور = Deir ez-Zor
الرقة = Raqqa
الحسكة = Hasakah
القامشلي = Qamishli
درعا = Daraa
السويداء = Suwayda
# Asia/Beirut
طرابلس = Tripoli (Lebanon)
صيدا = Sidon
صور = Tyre
زحلة = Zahle
بعلبك = Baalbek
النبطية = Nabatieh
جونية = Jounieh
# Asia/Amman
عمّان = Amman
الزرقاء = Zarqa
إربد = Irbid
العقبة = Aqaba
السلط = Salt
الكرك = Karak
# Asia/Gaza
غزة، فلسطين = Gaza
خان يونس، خانيونس = Khan Yunis
رفح = Rafah
جباليا = Jabalia
دير البلح = Deir al-Balah
# Asia/Hebron
الخليل، فلسطين = Hebron
رام الله = Ramallah
البيرة = Al-Bireh
نابلس = Nablus
جنين = Jenin
بيت لحم = Bethlehem
أريحا = Jericho
طولكرم = Tulkarm
قلقيلية = Qalqilya
# Asia/Jerusalem
حيفا = Haifa
يافا، تل أبيب = Tel Aviv-Jaffa
عكا = Acre
الناصرة = Nazareth
أم الفحم = Umm al-Fahm
بئر السبع = Beersheba
# Africa/Cairo
الإسكندرية = Alexandria
الجيزة = Giza
بورسعيد، بور سعيد = Port Said
السويس = Suez
الإسماعيلية = Ismailia
المنصورة، الدقهلية = Mansoura
طنطا، الغربية = Tanta
الزقازيق، الشرقية = Zagazig
المحلة الكبرى، المحلة = Mahalla
دمياط = Damietta
دمنهور، البحيرة = Damanhur
الفيوم = Faiyum
بني سويف = Beni Suef
المنيا = Minya
أسيوط = Asyut
سوهاج = Sohag
قنا = Qena
الأقصر = Luxor
أسوان = Aswan
الغردقة = Hurghada
شرم الشيخ = Sharm el-Sheikh
العريش = Arish
مرسى مطروح، مطروح = Mersa Matruh
# Africa/Khartoum
أم درمان = Omdurman
الخرطوم بحري، بحري = Khartoum North
بورتسودان، بور سودان = Port Sudan
ود مدني، مدني = Wad Madani
الأبيض = El Obeid
نيالا = Nyala
الفاشر = El Fasher
كسلا = Kassala
عطبرة = Atbara
# Africa/Tripoli
بنغازي = Benghazi
مصراتة = Misrata
سبها = Sabha
سرت = Sirte
طبرق = Tobruk
البيضاء = Bayda
درنة = Derna
الزاوية = Zawiya
# Africa/Tunis
صفاقس = Sfax
سوسة = Sousse
القيروان = Kairouan
بنزرت = Bizerte
قابس = Gabes
المنستير = Monastir
قفصة = Gafsa
# Africa/Algiers
وهران = Oran
قسنطينة = Constantine
عنابة = Annaba
البليدة = Blida
باتنة = Batna
سطيف = Setif
تلمسان = Tlemcen
بجاية = Bejaia
تيزي وزو = Tizi Ouzou
ورقلة = Ouargla
غرداية = Ghardaia
تمنراست = Tamanrasset
# Africa/Casablanca
الدار البيضاء، كازابلانكا، كازا = Casablanca
الرباط = Rabat
فاس = Fez
مراكش = Marrakesh
طنجة = Tangier
أكادير، أغادير = Agadir
مكناس = Meknes
وجدة = Oujda
تطوان = Tetouan
القنيطرة = Kenitra
الناظور = Nador
# Africa/El_Aaiun
العيون = Laayoune
الداخلة = Dakhla
# Africa/Nouakchott
نواذيبو = Nouadhibou
# Africa/Mogadishu
مقديشو = Mogadishu
هرجيسا = Hargeisa
# Indian/Comoro
موروني = Moroni
# Europe/Istanbul
إسطنبول، اسطنبول، استانبول = Istanbul
أنقرة = Ankara
غازي عنتاب، عنتاب = Gaziantep
إزمير = Izmir
أورفا، شانلي أورفا = Sanliurfa
أنطاكيا، هاتاي = Antakya
مرسين = Mersin
بورصة = Bursa
أنطاليا = Antalya
# Asia/Tehran
مشهد = Mashhad
أصفهان = Isfahan
شيراز = Shiraz
تبريز = Tabriz
قم = Qom
الأهواز = Ahvaz
# Asia/Karachi
إسلام آباد، إسلام أباد = Islamabad
لاهور = Lahore
# Asia/Kolkata
كولكاتا، كلكتا = Kolkata
نيودلهي، دلهي = New Delhi
مومباي، بومباي = Mumbai
# Asia/Shanghai
بكين = Beijing
# Asia/Seoul
سيول = Seoul
# Asia/Ho_Chi_Minh
هانوي = Hanoi
# Europe/Berlin
هامبورغ، هامبورج = Hamburg
ميونيخ، ميونخ = Munich
فرانكفورت = Frankfurt
كولونيا = Cologne
شتوتغارت = Stuttgart
دوسلدورف = Dusseldorf
# Europe/Paris
مرسيليا = Marseille
ليون = Lyon
ستراسبورغ = Strasbourg
# Europe/London
لندن، بريطانيا، إنجلترا = London
مانشستر = Manchester
برمنغهام = Birmingham
ليفربول = Liverpool
إدنبرة = Edinburgh
# Europe/Stockholm
ستوكهولم = Stockholm
مالمو = Malmo
غوتنبرغ، يوتوبوري = Gothenburg
# Europe/Amsterdam
لاهاي = The Hague
روتردام = Rotterdam
# Europe/Zurich
جنيف = Geneva
برن = Bern
# Europe/Rome
ميلانو = Milan
# Europe/Madrid
برشلونة = Barcelona
غرناطة = Granada
# Europe/Warsaw
وارسو = Warsaw
# Europe/Moscow
سانت بطرسبرغ، بطرسبرغ = Saint Petersburg
# Europe/Samara
سامارا = Samara
# America/New_York
واشنطن = Washington
بوسطن = Boston
ميامي = Miami
فيلادلفيا = Philadelphia
أتلانتا = Atlanta
# America/Detroit
ديربورن = Dearborn
# America/Chicago
هيوستن = Houston
دالاس = Dallas
# America/Los_Angeles
لوس أنجلوس، لوس أنجليس = Los Angeles
سان فرانسيسكو = San Francisco
سان دييغو = San Diego
سياتل = Seattle
# America/Toronto
مونتريال = Montreal
أوتاوا = Ottawa
# America/Edmonton
كالغاري = Calgary
# America/Sao_Paulo
ريو دي جانيرو = Rio de Janeiro
برازيليا = Brasilia
# America/Argentina/Buenos_Aires
بوينس آيرس، بوينوس آيرس = Buenos Aires
# Australia/Perth
بيرث = Perth
# Australia/Brisbane
بريزبن، بريزبين = Brisbane
# Australia/Sydney
كانبرا = Canberra
# Africa/Johannesburg
كيب تاون = Cape Town
بريتوريا = Pretoria
"""


def _read(table: str) -> tuple[Town, ...]:
    found: list[Town] = []
    zone = ""
    for line in table.strip().splitlines():
        if line.startswith("#"):
            zone = line.removeprefix("# ")
            continue
        arabic, english = line.split(" = ")
        found.append((tuple(arabic.split("، ")), english, zone))
    return tuple(found)


TOWNS = _read(_TABLE)

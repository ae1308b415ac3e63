// The table of texts: English ~ German ~ Turkish. `{x}` is filled in; `one|many` is chosen by {n}.
// A long row goes on in the next lines, indented.
export default `
120 days ~ 120 Tage ~ 120 gün
30 days ~ 30 Tage ~ 30 gün
60 days ~ 60 Tage ~ 60 gün
95 of 100 at most so late ~ 95 von 100 höchstens so spät ~ 100'den 95'i en çok bu kadar geç
A new snapshot ~ Ein neuer Datenstand ~ Yeni veri durumu
A part of the page could not be loaded. ~ Ein Teil der Seite konnte nicht geladen werden. ~ Sayfanın bir bölümü yüklenemedi.
A refresh is under way: {stage} ~ Neue Daten werden geladen: {stage} ~ Yeni veri yükleniyor: {stage}
A scenario is a copy of live at one instant, made in a microsecond. Change it, ask it, compare it; live never notices.
	~ Ein Szenario ist eine Kopie von Live in einem Augenblick. Ändern, fragen, vergleichen: Live merkt nichts davon.
	~ Senaryo, canlının bir andaki kopyasıdır. Değiştirin, sorun, karşılaştırın; canlı etkilenmez.
a year ~ ein Jahr ~ bir yıl
About ~ Worum es geht ~ Konu
About it ~ Über den Artikel ~ Ürün hakkında
Absorbed ~ Übernommen ~ Devralınan
Account ~ Konto ~ Hesap
accounts whose balance changed ~ Konten mit geändertem Bestand ~ bakiyesi değişen hesap
Add a priority ~ Priorität hinzufügen ~ Öncelik ekle
Add … ~ Hinzufügen … ~ Ekle …
Added ~ Neu ~ Eklenen
added ~ neu ~ eklendi
After ~ Nachher ~ Sonra
After a restart these did not fit any more: {list}
	~ Nach einem Neustart passten diese nicht mehr: {list}
	~ Yeniden başlatmadan sonra uymayanlar: {list}
after the day asked for ~ nach dem Wunschtag ~ istenen günden sonra
again from {until} ~ wieder ab {until} ~ {until} tarihinden itibaren yine
Against ~ Gegen ~ Karşı
against ~ gegen ~ karşı
age ~ Alter ~ yaş
all ~ alle ~ hepsi
all at once ~ alles zusammen ~ hepsi birden
All days ~ Alle Tage ~ Tüm günler
All if empty. Conditions with spaces between: customer=A|B priority<=2 requested_date<2014-05-01
	~ Leer: alle. Bedingungen mit Leerzeichen dazwischen: customer=A|B priority<=2 requested_date<2014-05-01
	~ Boşsa hepsi. Koşullar boşlukla ayrılır: customer=A|B priority<=2 requested_date<2014-05-01
All is well ~ Alles stimmt ~ Her şey yolunda
All its open supplies move; negative is earlier.
	~ Alle offenen Zugänge verschieben sich; negativ heißt früher.
	~ Açık tüm tedarikleri kayar; eksi daha erken demektir.
All rows, not only those that are seen ~ Alle Zeilen, nicht nur die sichtbaren ~ Yalnız görünenler değil, tüm satırlar
Allocated ~ Zugeteilt ~ Tahsis edilen
Allocation ~ Kontingente ~ Tahsis
alone ~ allein ~ tek başına
and by ~ und nach ~ ve
Answer ~ Antwort ~ Yanıt
any ~ jedes ~ hepsi
any level ~ jede Stufe ~ her düzey
anybody: no tokens are set up ~ irgendwer: es sind keine Zugänge eingerichtet ~ herhangi biri: anahtar tanımlı değil
applied at {n} ~ übernommen bei {n} ~ {n} konumunda uygulandı
Apply to live ~ Live übernehmen ~ Canlıya uygula
Are the books right? ~ Stimmen die Bücher? ~ Defterler doğru mu?
Arrives ~ Kommt an ~ Varış
arrives ~ kommt an ~ varış
Arrow keys go from day to day. ~ Pfeiltasten gehen von Tag zu Tag. ~ Ok tuşları günden güne gider.
as it is ~ wie bisher ~ olduğu gibi
as it is now ~ wie jetzt ~ şimdiki gibi
as it would be made if it were asked for now ~ wie es entstünde, wenn jetzt gefragt würde ~ şimdi sorulsa nasıl karşılanırdı
As of ~ Stand ~ Tarih
as of ~ Stand ~ tarih
As the system ~ Wie das System ~ Sistem gibi
Ask ~ Anfragen ~ Sorgula
Ask again ~ Nochmals fragen ~ Yeniden sor
Ask for it ~ Anfragen ~ Sorgula
Asked for ~ Gewünscht ~ İstenen
asked for ~ gewünscht ~ istenen
Asked for now it would be on time: what was in its way is gone.
	~ Jetzt angefragt wäre es pünktlich: was im Wege stand, ist weg.
	~ Şimdi sorulsa zamanında olurdu: engel kalktı.
Asked quantity ~ Gewünschte Menge ~ İstenen miktar
Asking … ~ Wird gefragt … ~ Soruluyor …
At least ~ Mindestens ~ En az
at most ~ höchstens ~ en çok
At risk ~ Gefährdet ~ Riskte
at risk ~ gefährdet ~ riskte
at risk lines ~ gefährdete Positionen ~ riskli satır
at risk only ~ nur gefährdete ~ yalnız riskli
at risk value ~ gefährdeter Wert ~ riskli değer
Audit ~ Protokoll ~ Denetim
Availability ~ Verfügbarkeit ~ Uygunluk
available ~ verfügbar ~ uygun
available then ~ dann verfügbar ~ o zaman uygun
Back to live ~ Zurück zu Live ~ Canlıya dön
Backlog ~ Auftragsbestand ~ Bekleyenler
backlog lines ~ offene Positionen ~ bekleyen satır
backlog value ~ offener Wert ~ bekleyen değer
Balance ~ Bestand ~ Bakiye
balance ~ Bestand ~ bakiye
Becomes ~ Wird ~ Yeni
Before ~ Vorher ~ Önce
before {value} ~ vorher {value} ~ önce {value}
Began ~ Begonnen ~ Başladı
behind by {span} ~ {span} zurück ~ {span} geride
Below zero by overrides or risk ~ Unter null durch Zwang oder Risiko ~ Zorlama veya riskle sıfırın altında
Best by ~ Am besten nach ~ En iyi ölçüt
Best by the objective ~ Das Beste nach dem Ziel ~ Hedefe göre en iyisi
Best customers ~ Beste Kunden ~ En iyi müşteriler
Better off ~ Besser ~ Daha iyi
bought ~ gekauft ~ satın alınan
bought from ~ gekauft bei ~ alındığı yer
buy ~ Kauf ~ satın alma
By ~ Mit ~ Nasıl
by ~ mit ~ ile
By group, where it differs ~ Nach Gruppe, wo es sich unterscheidet ~ Farklı olan gruplar
By itself while it leads ~ Von selbst, solange er führt ~ Lider olduğu sürece kendiliğinden
by the day asked for ~ bis zum Wunschtag ~ istenen güne kadar
By the day on which it ships. Below zero it lives on what others were given; another class: click its row.
	~ Nach dem Versandtag. Unter null lebt sie vom Anteil anderer; eine andere Klasse: ihre Zeile anklicken.
	~ Sevk gününe göre. Sıfırın altında başkalarının payını kullanır; başka sınıf için satırına tıklayın.
By {method} ~ Mit {method} ~ {method} ile
By {what} ~ Nach {what} ~ {what} bazında
Calendar ~ Kalender ~ Takvim
Can have now ~ Kann jetzt haben ~ Şimdi alabilir
cancelled ~ zurückgegeben ~ iptal
capacity ~ Kapazität ~ kapasite
Capacity alone moves nothing: promise the lines again by a backlog run in that scenario.
	~ Kapazität allein verschiebt nichts: die Positionen im Szenario neu rechnen lassen.
	~ Kapasite tek başına bir şey değiştirmez: senaryoda birikimi çalıştırın.
Carried over ~ Fortgeführt ~ Taşınan
Category ~ Warengruppe ~ Kategori
category ~ Warengruppe ~ kategori
Change it ~ Ändern ~ Değiştir
Change it in this scenario ~ In diesem Szenario ändern ~ Bu senaryoda değiştir
Change the promise ~ Zusage ändern ~ Sözü değiştir
Change {n} promise|Change {n} promises ~ {n} Zusage ändern|{n} Zusagen ändern ~ {n} sözü değiştir|{n} sözü değiştir
Change … ~ Ändern … ~ Değiştir …
changed ~ geändert ~ değişti
Changed in the scenario. ~ Im Szenario geändert. ~ Senaryoda değiştirildi.
Changed. ~ Geändert. ~ Değiştirildi.
Changes ~ Änderungen ~ Değişiklikler
Changes of the lead ~ Wechsel der Führung ~ Lider değişimleri
Changes since ~ Änderungen seither ~ O günden beri değişiklik
Changes without a new snapshot ~ Änderungen ohne neuen Datenstand ~ Yeni veri olmadan değişiklikler
Check ~ Prüfen ~ Kontrol et
Check now ~ Jetzt prüfen ~ Şimdi kontrol et
Choose a class and a value: who is hurt is seen here before anything is changed.
	~ Klasse und Wert wählen: wer leidet, steht hier, bevor etwas geändert wird.
	~ Sınıf ve değer seçin: kimin zarar göreceği, değişmeden önce burada görünür.
Choose an item and a location. ~ Artikel und Ort wählen. ~ Ürün ve yer seçin.
Choose an item that it delivers. ~ Einen Artikel wählen, den er liefert. ~ Tedarik ettiği bir ürün seçin.
Choose files ~ Dateien wählen ~ Dosya seç
Choose one above, or make one first. ~ Oben eines wählen oder erst eines anlegen. ~ Yukarıdan seçin veya önce oluşturun.
Class ~ Klasse ~ Sınıf
class ~ Klasse ~ sınıf
Close ~ Schließen ~ Kapat
Columns ~ Spalten ~ Sütunlar
Compare ~ Vergleichen ~ Karşılaştır
Compare the two ~ Beide vergleichen ~ İkisini karşılaştır
Compare with live ~ Mit Live vergleichen ~ Canlıyla karşılaştır
Configuration that holds ~ Geltende Einstellungen ~ Geçerli ayarlar
Confirm ~ Bestätigen ~ Onayla
confirmed ~ bestätigt ~ onaylı
Copied. ~ Kopiert. ~ Kopyalandı.
Copy ~ Kopieren ~ Kopyala
Copy as ~ Kopieren als ~ Kopyala
Copy for the customer ~ Für den Kunden kopieren ~ Müşteri için kopyala
Cost ~ Kosten ~ Maliyet
cost ~ Kosten ~ maliyet
costs most: {value} in {n} promise|costs most: {value} in {n} promises
	~ kostet am meisten: {value} in {n} Zusage|kostet am meisten: {value} in {n} Zusagen
	~ en pahalı: {n} sözde {value}
Could be ~ Möglich wäre ~ Olabilir
Could be sooner ~ Ginge früher ~ Daha erken olabilir
could be sooner ~ ginge früher ~ erken olabilir
country ~ Land ~ ülke
critical ~ kritisch ~ kritik
Customer ~ Kunde ~ Müşteri
customer ~ Kunde ~ müşteri
Customer or supplier ~ Kunde oder Lieferant ~ Müşteri veya tedarikçi
Customers hit most ~ Am meisten betroffene Kunden ~ En çok etkilenen müşteriler
Dark ~ Dunkel ~ Koyu
Data ~ Daten ~ Veri
Data as of ~ Stand der Daten ~ Veri tarihi
data {n} ~ Daten {n} ~ veri {n}
Date ~ Datum ~ Tarih
day asked for ~ Wunschtag ~ istenen gün
Days ~ Tage ~ Gün
days ~ Tage ~ gün
days a supply comes later ~ Tage, um die ein Zugang später kommt ~ tedarikin geciktiği gün
Days late ~ Tage zu spät ~ Gecikme (gün)
days late ~ Tage zu spät ~ gecikme günü
days late mean ~ mittlere Verspätung ~ ortalama gecikme
Days later ~ Tage später ~ Gün sonra
days of lead time ~ Tage Wiederbeschaffungszeit ~ tedarik süresi, gün
dd ~ TT ~ gg
demand ~ Bedarf ~ talep
demand class ~ Klasse ~ sınıf
Description ~ Bezeichnung ~ Tanım
Difference ~ Unterschied ~ Fark
Do ~ Tun ~ İşlem
Document ~ Beleg ~ Belge
Documents ~ Belege ~ Belgeler
documents ~ Belege ~ belge
documents of {date} ~ Belege vom {date} ~ {date} belgeleri
done ~ fertig ~ bitti
Drag a supply (or use its arrow keys) to another day to see who is hurt.
	~ Einen Zugang auf einen anderen Tag ziehen (oder Pfeiltasten): wer leidet, erscheint sofort.
	~ Bir tedariki başka güne sürükleyin (veya ok tuşları): kimin etkilendiği görünür.
Drop manifest.json and the tables here (.csv, .parquet)
	~ manifest.json und die Tabellen hier ablegen (.csv, .parquet)
	~ manifest.json ve tabloları buraya bırakın (.csv, .parquet)
Dropped ~ Weggefallen ~ Düşen
each day at {at} UTC ~ täglich um {at} UTC ~ her gün {at} UTC
earliest arrival ~ frühester Ankunft ~ en erken varış
Ends ~ Endet ~ Bitiş
enough from {until} ~ genug ab {until} ~ {until} tarihinden itibaren yeterli
entries ~ Einträge ~ kayıt
Errors ~ Fehler ~ Hatalar
Every balance is computed anew and compared with the running one. Promising goes on meanwhile.
	~ Jeder Bestand wird neu gerechnet und mit dem laufenden verglichen. Zugesagt wird weiter.
	~ Her bakiye yeniden hesaplanıp çalışanla karşılaştırılır. Söz verme sürer.
Everybody may take all of {item} at {location}.
	~ Jeder darf alles von {item} in {location} nehmen.
	~ {location} yerindeki {item} herkese açık.
Exceptions ~ Ausnahmen ~ İstisnalar
exceptions ~ Ausnahmen ~ istisna
Exceptions that it limits ~ Ausnahmen, die er begrenzt ~ Sınırladığı istisnalar
expired ~ abgelaufen ~ süresi doldu
failed ~ gescheitert ~ olmadı
Faults, with their places ~ Fehler mit ihren Stellen ~ Hatalar ve yerleri
Figure ~ Kennzahl ~ Gösterge
Figures ~ Kennzahlen ~ Göstergeler
Files of the snapshot ~ Dateien des Datenstands ~ Veri dosyaları
Fill rate ~ Erfüllungsgrad ~ Karşılama oranı
fill: may lose, never gains ~ füllen: darf verlieren, gewinnt nie ~ doldur: kaybedebilir, kazanamaz
Filter ~ Filter ~ Süzgeç
Filter {name} ~ {name} filtern ~ {name} süz
Find ~ Suchen ~ Bul
Find item, order, customer, supplier … ~ Artikel, Auftrag, Kunde, Lieferant suchen … ~ Ürün, sipariş, müşteri, tedarikçi bulun …
First day ~ Erster Tag ~ İlk gün
first promise ~ erste Zusage ~ ilk söz
follows ~ folgt ~ izliyor
for ~ für ~ için
For class ~ Für Klasse ~ Sınıf için
for everybody, or a class ~ für alle, oder eine Klasse ~ herkes veya bir sınıf
For which day? ~ Für welchen Tag? ~ Hangi gün için?
Forced ~ Erzwungen ~ Zorlanan
forced ~ erzwungen ~ zorlandı
forecast ~ Prognose ~ tahmin
Forget ~ Verwerfen ~ Sil
Forget it ~ Verwerfen ~ Vazgeç
From ~ Von ~ Nereden
from ~ von ~ kaynak
From class ~ Von Klasse ~ Veren sınıf
From day ~ Ab Tag ~ Başlangıç günü
From location ~ Ab Ort ~ Çıkış yeri
From {at} ~ Ab {at} ~ {at} yerinden
From {at} it is there on {date} at the earliest ~ Ab {at} ist es frühestens am {date} da ~ {at} yerinden en erken {date} günü varır
from {date} ~ ab {date} ~ {date} itibarıyla
Full days ~ Volle Tage ~ Dolu günler
gain: keeps at least what it has ~ mehren: behält mindestens, was sie hat ~ kazan: elindekini korur
generation {n} ~ Generation {n} ~ nesil {n}
Give back ~ Zurückgeben ~ Geri ver
Give it back ~ Zurückgeben ~ Geri ver
Give this promise back? What it took is free for others.
	~ Diese Zusage zurückgeben? Was sie nahm, ist frei für andere.
	~ Bu söz geri verilsin mi? Aldıkları başkalarına açılır.
Give {n} promise back? What it took is free for others.|Give {n} promises back? What they took is free for others.
	~ {n} Zusage zurückgeben? Was sie nahm, ist frei für andere.|{n} Zusagen zurückgeben? Was sie nahmen, ist frei für andere.
	~ {n} söz geri verilsin mi? Aldıkları başkalarına açılır.
Go back to it ~ Dorthin zurück ~ Buna dön
Go on ~ Weiter ~ Devam
Gone ~ Weg ~ Giden
gone ~ weg ~ gitti
Group ~ Gruppe ~ Grup
Grouped by ~ Gruppiert nach ~ Gruplama
groups ~ Gruppen ~ grup
held ~ reserviert ~ rezerve
held back ~ zurückgehalten ~ bekletildi
held lines ~ reservierte Positionen ~ rezerve satır
held longer ~ länger reserviert ~ uzatıldı
held, confirmed ~ reserviert, fest ~ rezerve, onaylı
high ~ hoch ~ yüksek
highest profit ~ höchstem Gewinn ~ en yüksek kâr
Hold ~ Reservieren ~ Rezerve et
Hold 15 minutes longer ~ 15 Minuten länger ~ 15 dakika uzat
Hold ends in ~ Reservierung endet in ~ Rezerv bitimine
hold ends soon ~ Reservierung endet bald ~ rezerv bitiyor
hold for ~ reservieren für ~ süre
hold has ended ~ Reservierung ist zu Ende ~ rezerv bitti
Holds that end soon ~ Bald endende Reservierungen ~ Yakında biten rezervler
Hours ~ Stunden ~ Saat
Hours more a day ~ Stunden mehr am Tag ~ Günde ek saat
hours more a working day ~ Stunden mehr je Arbeitstag ~ iş günü başına fazla saat
How it is replenished ~ Wie nachgeliefert wird ~ Nasıl yenilenir
How many lines ~ Wie viele Positionen ~ Kaç satır
How many more a day? ~ Wie viel mehr am Tag? ~ Günde ne kadar fazla?
How many whole days? ~ Wie viele ganze Tage? ~ Kaç tam gün?
How many? ~ Wie viele? ~ Kaç adet?
I take care of it ~ Ich kümmere mich ~ Ben ilgileniyorum
If so ~ Dann ~ Öyleyse
in a scenario ~ in einem Szenario ~ senaryoda
In a week ~ In einer Woche ~ Bir hafta sonra
in part ~ teilweise ~ kısmen
In several parts ~ In mehreren Teilen ~ Birkaç parça halinde
in this span ~ in dieser Spanne ~ bu sürede
in {n} part|in {n} parts ~ in {n} Teil|in {n} Teilen ~ {n} bölümde
Into a backlog run ~ In einen Lauf ~ Yeniden söz vermeye
It could be {date} by now. ~ Inzwischen ginge {date}. ~ Artık {date} mümkün.
It delivers as much a day as is ordered. ~ Er liefert am Tag so viel, wie bestellt wird. ~ Günde sipariş edildiği kadar verir.
It has shipped ~ Ist versandt ~ Sevk edildi
It is applied, and cannot be changed any more. ~ Es ist übernommen und bleibt, wie es ist. ~ Uygulandı, artık değiştirilemez.
It is held back. ~ Er wird zurückgehalten. ~ Bekletiliyor.
It is live now, at position {n}. ~ Es ist jetzt live, bei Position {n}. ~ Artık canlı, konum {n}.
it limits {n} exception|it limits {n} exceptions ~ begrenzt {n} Ausnahme|begrenzt {n} Ausnahmen ~ {n} istisnayı sınırlıyor
It serves. ~ Er gilt jetzt. ~ Geçerli.
It waits for the slowest line of its set, until {date}
	~ Es wartet auf die langsamste Position seines Satzes, bis {date}
	~ Setinin en yavaş kalemini {date} gününe kadar bekler
It would be refused ~ Es würde abgelehnt ~ Reddedilirdi
Item ~ Artikel ~ Ürün
item ~ Artikel ~ ürün
Item, order, customer, supply, supplier, resource …
	~ Artikel, Auftrag, Kunde, Zugang, Lieferant, Ressource …
	~ Ürün, sipariş, müşteri, tedarik, tedarikçi, kaynak …
Item, quantity, date, then customer and location if you like; a first row of names may change the order.
	~ Artikel, Menge, Datum, dann nach Wunsch Kunde und Ort; eine erste Zeile mit Namen darf anders ordnen.
	~ Ürün, miktar, tarih, isterseniz müşteri ve yer; ilk satırda adlar sırayı değiştirebilir.
Items that limit most ~ Artikel, die am meisten begrenzen ~ En çok sınırlayan ürünler
Its life ~ Ihr Verlauf ~ Geçmişi
Judged by ~ Gemessen an ~ Ölçüt
Just now ~ Gerade eben ~ Az önce
Keep as a scenario ~ Als Szenario behalten ~ Senaryo olarak sakla
Kept ~ Festgehalten ~ Tutulan
kept ~ geschützt ~ korunan
Kind ~ Art ~ Tür
kind ~ Art ~ tür
Kind of change ~ Art der Änderung ~ Değişiklik türü
Kinds ~ Arten ~ Türler
Language ~ Sprache ~ Dil
large first ~ Großes zuerst ~ büyük önce
Last day ~ Letzter Tag ~ Son gün
last promise ~ letzte Zusage ~ son söz
Lasts to the end; {n} are left ~ Reicht bis zum Ende; {n} bleiben ~ Sonuna dek yeter; {n} kalır
Late ~ Zu spät ~ Geç
late ~ zu spät ~ geç
Late and risky lines by the {what} that limits them
	~ Späte und gefährdete Positionen nach begrenzendem Merkmal: {what}
	~ Geç ve riskli satırlar, sınırlayana göre: {what}
late lines ~ späte Positionen ~ geç satır
later ~ später ~ sonra
Leads ~ Führt ~ Lider
leads ~ führt ~ lider
learns ~ lernt ~ öğreniyor
Leaves ~ Geht ab ~ Çıkış
leaves ~ geht ab ~ çıkış
ledger {name} ~ Buch {name} ~ defter {name}
Left ~ Übrig ~ Kalan
left of its share ~ vom Anteil übrig ~ payından kalan
left out ~ weggelassen ~ gizli
Let it serve ~ Gelten lassen ~ Devreye al
Let it serve all the same ~ Trotzdem gelten lassen ~ Yine de devreye al
Let {name} serve again? ~ {name} wieder gelten lassen? ~ {name} yeniden devreye alınsın mı?
Level ~ Stufe ~ Düzey
level ~ Stufe ~ düzey
Light ~ Hell ~ Açık
Limited by ~ Begrenzt durch ~ Sınırlayan
limited value ~ begrenzter Wert ~ sınırlı değer
limiting ~ Begrenzendes ~ sınırlayan
Line {n}: item, quantity and date are needed. ~ Zeile {n}: Artikel, Menge und Datum fehlen. ~ Satır {n}: ürün, miktar ve tarih gerekli.
Lines ~ Positionen ~ Satırlar
lines ~ Positionen ~ satır
lines and work orders ~ Positionen und Fertigungsaufträge ~ satır ve iş emri
Lines are promised again with each value ~ Positionen werden mit jedem Wert neu zugesagt ~ Satırlara her değerle yeniden söz verilir
Lines at risk ~ Gefährdete Positionen ~ Riskli satırlar
Lines done ~ Erledigte Positionen ~ Biten satırlar
Lines from a spreadsheet ~ Zeilen aus einer Tabelle ~ Tablodan satırlar
Lines on it ~ Positionen darauf ~ Üzerindeki satırlar
lines that differ ~ Positionen, die sich unterscheiden ~ farklı satır
lines that win or lose ~ Positionen, die gewinnen oder verlieren ~ kazanan veya kaybeden satır
List price ~ Listenpreis ~ Liste fiyatı
Live ~ Live ~ Canlı
live ~ live ~ canlı
Live as it was at position ~ Live, wie es war bei Position ~ Şu konumdaki canlı
Live has moved on: {why}. Do the same again on live as it is now?
	~ Live ist weiter: {why}. Dasselbe noch einmal auf Live, wie es jetzt ist?
	~ Canlı ilerledi: {why}. Aynısı şimdiki canlıda yeniden yapılsın mı?
Live promises ~ Laufende Zusagen ~ Canlı sözler
Live since position {n} ~ Live seit Position {n} ~ {n} konumundan beri canlı
load ~ Last ~ yük
Load against capacity, hours ~ Last gegen Kapazität, Stunden ~ Yük ve kapasite, saat
Load the page again ~ Seite neu laden ~ Sayfayı yeniden yükle
loaded {age} ago ~ geladen vor {age} ~ {age} önce yüklendi
Location ~ Ort ~ Yer
location ~ Ort ~ yer
Lock all losers ~ Alle Verlierer sperren ~ Tüm kaybedenleri kilitle
Lock {n} and run again ~ {n} sperren und nochmals laufen ~ {n} kilitle, yeniden çalıştır
Look around in it ~ Darin umsehen ~ İçinde gez
Look at it ~ Ansehen ~ Bak
Look first ~ Erst ansehen ~ Önce bak
Look ten seconds for a sequence worth more ~ Zehn Sekunden nach einer besseren Folge suchen ~ On saniye daha değerli bir sıra ara
looked at ~ angesehen ~ bakıldı
Looks like broken data ~ Sieht nach kaputten Daten aus ~ Bozuk veriye benziyor
Lose ~ Verlieren ~ Kaybeden
lose: gives everything up ~ verlieren: gibt alles ab ~ kaybet: her şeyi bırakır
loses ~ verliert ~ kaybeder
Lot ~ Los ~ Parti
low ~ niedrig ~ düşük
lowest cost ~ niedrigsten Kosten ~ en düşük maliyet
made ~ gefertigt ~ üretilen
made by {name} ~ gefertigt nach {name} ~ {name} ile üretilir
made live ~ gilt jetzt ~ canlıya alındı
make ~ Fertigung ~ üretim
Make it ~ Anlegen ~ Oluştur
Make it firm ~ Fest zusagen ~ Kesinleştir
Make the change ~ Ändern ~ Değiştir
Make this scenario live? It becomes one entry, and can be taken back.
	~ Dieses Szenario live nehmen? Es wird ein Eintrag und kann zurückgenommen werden.
	~ Bu senaryo canlıya alınsın mı? Tek kayıt olur, geri alınabilir.
Make {n} change|Make {n} changes ~ {n} Änderung ausführen|{n} Änderungen ausführen ~ {n} değişikliği yap
Margin ~ Marge ~ Marj
May be split ~ Darf geteilt werden ~ Bölünebilir
Mean days late ~ Mittlere Verspätung (Tage) ~ Ortalama gecikme (gün)
medium ~ mittel ~ orta
Memory ~ Speicher ~ Bellek
mm ~ MM ~ aa
months ~ Monate ~ ay
More terms ~ Weitere Bedingungen ~ Diğer koşullar
Move {name}, {text}, now on {date} ~ {name} verschieben, {text}, jetzt am {date} ~ {name} taşı, {text}, şimdi {date}
Moved from {from} to {at}: there on {until}
	~ Umlagerung von {from} nach {at}: da am {until}
	~ {from} yerinden {at} yerine taşıma: {until} günü orada
Name ~ Name ~ Ad
Needed on ~ Gebraucht am ~ Gerektiği gün
Negative is earlier. ~ Negativ heißt früher. ~ Eksi daha erken demektir.
never enough within the horizon ~ im Planungszeitraum nie genug ~ planlama döneminde hiç yeterli değil
new ~ neu ~ yeni
New day ~ Neuer Tag ~ Yeni gün
New scenario ~ Neues Szenario ~ Yeni senaryo
New scenario … ~ Neues Szenario … ~ Yeni senaryo …
New token ~ Neuer Zugang ~ Yeni anahtar
New token for ~ Neuer Zugang für ~ Yeni anahtar sahibi
next {at} ~ nächster Lauf {at} ~ sonraki {at}
no class ~ ohne Klasse ~ sınıfsız
No day is written so; like this: {day} ~ So schreibt sich kein Tag; so: {day} ~ Gün böyle yazılmaz; şöyle: {day}
No exception of this kind. ~ Keine Ausnahme dieser Art. ~ Bu türde istisna yok.
No location keeps or makes this item. ~ Kein Ort führt oder macht diesen Artikel. ~ Bu ürünü tutan veya üreten yer yok.
No pegging: nothing is promised, or nothing had to be looked for.
	~ Keine Zuordnung: nichts zugesagt, oder nichts war zu suchen.
	~ Bağlantı yok: söz verilmedi veya aranacak bir şey yoktu.
No promise fits ~ Keine Zusage passt ~ Uyan söz yok
No row passes the filter. ~ Keine Zeile passt zum Filter. ~ Süzgeçten geçen satır yok.
No rule divides it ~ Keine Regel teilt es auf ~ Bölen kural yok
No scenario ~ Kein Szenario ~ Senaryo yok
No single change makes it on time. ~ Keine einzelne Änderung macht es pünktlich. ~ Tek bir değişiklik zamanında yapmıyor.
nobody ~ niemand ~ kimse
Nobody counts on it. ~ Niemand rechnet damit. ~ Kimse buna güvenmiyor.
Nobody has run the backlog yet ~ Noch niemand hat den Rückstand neu gerechnet ~ Henüz kimse birikimi çalıştırmadı
nobody in particular ~ niemand Bestimmtes ~ belirsiz
Nobody is hit ~ Niemand ist betroffen ~ Kimse etkilenmiyor
Nobody is hurt ~ Niemand leidet ~ Kimse zarar görmez
Nobody led when it changed last ~ So lange führte zuletzt niemand ~ Son değişimde lidersiz geçen süre
nobody waited ~ niemand wartete ~ bekleyen yoktu
Nodes ~ Knoten ~ Düğümler
none ~ keine ~ yok
None: the server keeps no directory. ~ Keine: der Server führt kein Verzeichnis. ~ Yok: sunucu dizin tutmuyor.
Not after ~ Nicht nach ~ En geç
not again within the horizon ~ im Planungszeitraum nicht wieder ~ planlama döneminde bir daha yok
not available ~ nicht verfügbar ~ yok
not heard ~ nicht zu hören ~ duyulmuyor
Not in this scenario. ~ Nicht in diesem Szenario. ~ Bu senaryoda yok.
not within the horizon ~ nicht im Horizont ~ ufuk içinde değil
Note ~ Notiz ~ Not
nothing ~ nichts ~ hiçbiri
Nothing asked yet ~ Noch nichts gefragt ~ Henüz sorulmadı
Nothing better can be promised: the old promise stands.
	~ Besseres ist nicht möglich: die alte Zusage bleibt.
	~ Daha iyisi verilemez: eski söz geçerli.
nothing can be promised within the horizon. ~ im Horizont ist nichts zuzusagen. ~ ufuk içinde söz verilemez.
Nothing has happened since you came. What does appears here by itself.
	~ Seit Sie da sind, ist nichts geschehen. Was geschieht, erscheint hier von selbst.
	~ Geldiğinizden beri bir şey olmadı. Olanlar burada kendiliğinden görünür.
Nothing has run ~ Noch nichts gelaufen ~ Henüz çalışmadı
Nothing here. ~ Nichts da. ~ Bir şey yok.
Nothing is called so. A part of a key or of a name is enough.
	~ Nichts heißt so. Ein Teil des Schlüssels oder Namens genügt.
	~ Böyle bir şey yok. Anahtarın veya adın bir bölümü yeter.
Nothing is limited by it. ~ Nichts ist dadurch begrenzt. ~ Bununla sınırlanan yok.
Nothing is promised under this name. Look among all promises, or ask for the line.
	~ Unter diesem Namen ist nichts zugesagt. In allen Zusagen suchen oder die Position anfragen.
	~ Bu adla söz verilmedi. Tüm sözlere bakın veya satırı sorun.
Nothing is told. ~ Dazu ist nichts bekannt. ~ Bilgi yok.
Nothing needs you ~ Nichts braucht Sie ~ Sizi bekleyen yok
Nothing waits for it. ~ Nichts wartet darauf. ~ Bekleyen yok.
Nothing was promised. ~ Nichts wurde zugesagt. ~ Söz verilmedi.
Nothing was refused, and nothing administered. ~ Nichts wurde abgelehnt, nichts verwaltet. ~ Reddedilen veya yönetilen yok.
Now ~ Jetzt ~ Şimdi
now ~ jetzt ~ şimdi
now {value} ~ jetzt {value} ~ şimdi {value}
of what is left ~ vom Rest ~ kalandan
Of which ~ Von welchem ~ Hangisinin
of which late ~ davon zu spät ~ geç olanlar
of {n} ~ von {n} ~ / {n}
old ~ alt ~ eski
on hand ~ Vorrat ~ eldeki
On hand {n} {uom}. ~ Vorrat {n} {uom}. ~ Eldeki {n} {uom}.
on the way ~ unterwegs ~ yolda
on this day ~ an diesem Tag ~ bu günde
On time ~ Pünktlich ~ Zamanında
on time ~ pünktlich ~ zamanında
On time by week ~ Pünktlich nach Woche ~ Haftaya göre zamanında
on time lines ~ pünktliche Positionen ~ zamanında satır
on time value ~ pünktlicher Wert ~ zamanında değer
On time, as asked ~ Pünktlich wie gewünscht ~ Zamanında, istendiği gibi
One line ~ Eine Position ~ Tek satır
One process. ~ Ein Prozess. ~ Tek süreç.
Only lines ~ Nur Positionen ~ Yalnız satırlar
Only look for faults ~ Nur nach Fehlern suchen ~ Yalnız hata ara
open ~ offen ~ açık
open work ~ offene Arbeit ~ açık iş
opened again ~ wieder offen ~ yeniden açıldı
Options ~ Möglichkeiten ~ Seçenekler
or days later ~ oder Tage später ~ ya da gün sonrası
Order ~ Auftrag ~ Sipariş
order ~ Auftrag ~ sipariş
Order line ~ Auftragsposition ~ Sipariş satırı
Orders before all others ~ Aufträge vor allen anderen ~ Herkesten önceki siparişler
Outcome ~ Ergebnis ~ Sonuç
overcommitted ~ überzogen ~ aşırı söz
overcommitted or supply late ~ überzogen oder Zugang überfällig ~ aşırı söz veya geç tedarik
Own ~ Eigene ~ Kendi
Owner ~ Von ~ Sahibi
Part ~ Anteil ~ Pay
Paste at least one line. ~ Mindestens eine Zeile einfügen. ~ En az bir satır yapıştırın.
Paste lines ~ Zeilen einfügen ~ Satır yapıştır
Pegging ~ Zuordnung ~ Bağlantı
Pegging, depth by time ~ Zuordnung, Tiefe über Zeit ~ Bağlantı, zamana göre derinlik
Percent ~ Prozent ~ Yüzde
Period ~ Zeitraum ~ Dönem
period ~ Zeitraum ~ dönem
Pick all ~ Alle wählen ~ Hepsini seç
Pick {name} ~ {name} wählen ~ {name} seç
picked ~ gewählt ~ seçili
planned ~ geplant ~ planlı
planned order ~ Planauftrag ~ planlı sipariş
Planning data ~ Planungsdaten ~ Planlama verisi
Position ~ Position ~ Konum
position ~ Position ~ konum
position {n} ~ Position {n} ~ konum {n}
Possible on {date}, after the latest acceptable date
	~ Möglich am {date}, nach dem spätesten annehmbaren Tag
	~ {date} günü olabilir, kabul edilen en geç günden sonra
Priority ~ Priorität ~ Öncelik
priority ~ Priorität ~ öncelik
Profit ~ Gewinn ~ Kâr
profit ~ Gewinn ~ kâr
Profit by class ~ Gewinn nach Klasse ~ Sınıfa göre kâr
profit {by} against the best ~ Gewinn {by} gegen die beste ~ en iyiye göre kâr {by}
Progress ~ Fortschritt ~ İlerleme
Promise ~ Zusage ~ Söz
promise ~ Zusage ~ söz
Promise again in this scenario ~ In diesem Szenario neu zusagen ~ Bu senaryoda yeniden söz ver
Promise open lines again; nothing is live before you apply it.
	~ Offene Positionen neu zusagen; nichts ist live, bevor Sie es übernehmen.
	~ Açık satırlara yeniden söz verin; siz uygulamadan canlı olmaz.
promised ~ zugesagt ~ söz verilen
Promised again ~ Neu zugesagt ~ Yeniden söz verilen
promised already ~ schon zugesagt ~ zaten söz verildi
Promised lines ~ Zugesagte Positionen ~ Söz verilen satırlar
Promised on ~ Zugesagt am ~ Söz tarihi
Promises ~ Zusagen ~ Sözler
promises ~ Zusagen ~ söz
Promises changed ~ Geänderte Zusagen ~ Değişen sözler
Promising again … ~ Wird neu zugesagt … ~ Yeniden söz veriliyor …
purchase order ~ Bestellung ~ satın alma siparişi
Put off ~ Zurückgestellte ~ Ertelenen
Put who goes first on top, and run. You see who wins and who loses before anything is live.
	~ Wer zuerst kommt, nach oben ziehen, dann rechnen. Wer gewinnt und wer verliert, steht da, bevor etwas gilt.
	~ Öncelikli olanı üste alıp çalıştırın. Kimin kazandığını, kimin kaybettiğini canlıya geçmeden görürsünüz.
Quantity ~ Menge ~ Miktar
quantity ~ Menge ~ miktar
Questions ~ Fragen ~ Sorular
Rank ~ Rang ~ Sıra
ratio {n} ~ Verhältnis {n} ~ oran {n}
Read in ~ Gelesen in ~ Okuma süresi
red edge: bounds the date ~ roter Rand: begrenzt den Termin ~ kırmızı kenar: tarihi sınırlar
redistribute: may gain or lose ~ umverteilen: darf gewinnen oder verlieren ~ dağıt: kazanabilir veya kaybedebilir
Release ~ Freigeben ~ Serbest bırak
Remedy for {name} ~ Abhilfe für {name} ~ {name} için çare
Resource ~ Ressource ~ Kaynak
resource ~ Ressource ~ kaynak
Resources ~ Ressourcen ~ Kaynaklar
Resources that limit most ~ Ressourcen, die am meisten begrenzen ~ En çok sınırlayan kaynaklar
Result, not live yet ~ Ergebnis, noch nicht live ~ Sonuç, henüz canlı değil
Revenue at risk ~ Gefährdeter Umsatz ~ Riskli ciro
Revenue on time ~ Pünktlicher Umsatz ~ Zamanında ciro
Revoke ~ Entziehen ~ İptal et
Revoke the token {name}? ~ Zugang {name} entziehen? ~ {name} anahtarı iptal edilsin mi?
Risk ~ Risiko ~ Risk
Roles ~ Rollen ~ Roller
Rows ~ Zeilen ~ Satırlar
rows ~ Zeilen ~ satır
Rows of changes ~ Zeilen mit Änderungen ~ Değişiklik satırları
Rule ~ Regel ~ Kural
rule {name} ~ Regel {name} ~ kural {name}
Rules that hold, and why ~ Geltende Regeln, und warum ~ Geçerli kurallar ve nedeni
Run ~ Laufen lassen ~ Çalıştır
Runs ~ Läufe ~ Çalıştırmalar
runs ~ läuft ~ sürüyor
Runs of everybody stand here, also those under way.
	~ Hier stehen alle Läufe, auch die laufenden.
	~ Herkesin çalıştırmaları burada, sürenler de.
Runs of the configuration ~ Läufe der Konfiguration ~ Yapılandırmadaki çalıştırmalar
safety stock ~ Sicherheitsbestand ~ emniyet stoku
sales order ~ Kundenauftrag ~ satış siparişi
Say what shall be different. ~ Bitte angeben, was anders werden soll. ~ Neyin değişeceğini yazın.
Say which item, how many and for when. Check keeps nothing; Hold keeps it for a while; Confirm for good.
	~ Sagen Sie, welcher Artikel, wie viele und bis wann. Prüfen hält nichts fest, Reservieren für eine Weile, Bestätigen für immer.
	~ Hangi ürün, kaç adet, ne zaman? Kontrol bir şey tutmaz; Rezerve bir süre, Onay kalıcı tutar.
Say who you are. ~ Sagen Sie, wer Sie sind. ~ Kim olduğunuzu yazın.
Scenario ~ Szenario ~ Senaryo
Scenarios ~ Szenarien ~ Senaryolar
scenarios ~ Szenarien ~ senaryo
Screen ~ Seite ~ Ekran
Screens ~ Seiten ~ Ekranlar
Seen by ~ Gesehen von ~ Gören
serves ~ gilt ~ geçerli
Service and money ~ Service und Geld ~ Hizmet ve para
Serving for ~ In Betrieb seit ~ Hizmet süresi
Set the share ~ Anteil setzen ~ Payı belirle
Setting ~ Einstellung ~ Ayar
settings ~ Einstellungen ~ ayar
share ~ Anteil ~ pay
share exceeded ~ Anteil überschritten ~ pay aşıldı
share of a class ~ Anteil einer Klasse ~ sınıfın payı
Shares are changed in live. In a scenario, use its changes.
	~ Anteile werden live geändert. Im Szenario bitte über dessen Änderungen.
	~ Paylar canlıda değişir. Senaryoda değişikliklerini kullanın.
Shares of classes ~ Anteile der Klassen ~ Sınıf payları
Shares of {item} ~ Anteile an {item} ~ {item} payları
Shift units ~ Stück verschieben ~ Adet kaydır
Ship method ~ Versandart ~ Sevk yöntemi
ship method ~ Versandart ~ sevk yöntemi
shipped ~ versandt ~ sevk edildi
Ships ~ Versand ~ Sevk
Ships from ~ Versand ab ~ Sevk başlangıcı
Ships until ~ Versand bis ~ Sevk bitişi
Short accounts ~ Knappe Konten ~ Eksik hesaplar
shown above ~ oben zu sehen ~ yukarıda
Shown once ~ Nur einmal gezeigt ~ Bir kez gösterilir
shown too ~ auch gezeigt ~ gösterilir
Since ~ Seit ~ Beri
small first ~ Kleines zuerst ~ küçük önce
Snapshot ~ Datenstand ~ Veri durumu
Snapshots that are kept ~ Aufbewahrte Datenstände ~ Saklanan veri durumları
source is old ~ Quelle ist alt ~ kaynak eski
Sources ~ Quellen ~ Kaynak sistemler
sourcing rank ~ Bezugsrang ~ kaynak sırası
Span ~ Spanne ~ Süre
State ~ Zustand ~ Durum
state ~ Zustand ~ durum
stays as it is ~ bleibt, wie es ist ~ olduğu gibi kalır
Step ~ Schritt ~ Adım
stock ~ Vorrat ~ stok
Stop ~ Anhalten ~ Durdur
Substitutes ~ Ersatzartikel ~ İkameler
Substitutes may ship ~ Ersatz ist erlaubt ~ İkame gönderilebilir
Suggestions ~ Vorschläge ~ Öneriler
Supplier ~ Lieferant ~ Tedarikçi
supplier ~ Lieferant ~ tedarikçi
Suppliers that limit most ~ Lieferanten, die am meisten begrenzen ~ En çok sınırlayan tedarikçiler
Supplies that can be moved ~ Zugänge, die sich verschieben lassen ~ Taşınabilen tedarikler
Supply ~ Zugang ~ Tedarik
supply ~ Zugang ~ tedarik
supply is gone ~ Zugang ist weg ~ tedarik kalmadı
supply late ~ Zugang überfällig ~ tedarik geç
System ~ System ~ Sistem
Table ~ Tabelle ~ Tablo
tables ~ Tabellen ~ tablo
Take a filter away, or ask for all states.
	~ Einen Filter wegnehmen oder alle Zustände wählen.
	~ Bir süzgeci kaldırın veya tüm durumları seçin.
Take away ~ Wegnehmen ~ Çıkar
take back ~ zurücknehmen ~ geri al
Take it back ~ Zurücknehmen ~ Geri al
Take over the changes of ~ Änderungen übernehmen von ~ Değişikliklerini al:
Take the earlier date ~ Den früheren Termin nehmen ~ Erken tarihi al
Take the shipment back ~ Versand zurücknehmen ~ Sevkiyatı geri al
Take this one ~ Diese nehmen ~ Bunu seç
Taken ~ Gezogen ~ Alındığı an
taken back ~ zurückgenommen ~ geri alındı
Taken back: all is as it was. ~ Zurückgenommen: alles ist, wie es war. ~ Geri alındı: her şey eskisi gibi.
Taken by others ~ Von anderen genommen ~ Başkalarının aldığı
taken by {list} ~ vergeben an {list} ~ alanlar: {list}
Taken from ~ Gezogen aus ~ Kaynağı
takers ~ Abnehmer ~ alan
That did not work ~ Das ging nicht ~ Olmadı
The address may be old. Choose one on the left.
	~ Die Adresse ist vielleicht alt. Links eine Seite wählen.
	~ Adres eski olabilir. Soldan seçin.
the class above ~ die Klasse darüber ~ üst sınıf
The date of the snapshot ~ Das Datum der Daten ~ Verinin tarihi
the date that holds now ~ der jetzt geltende Termin ~ şu an geçerli tarih
the day asked for ~ dem Wunschtag ~ istenen gün
the first date we gave ~ unser erster Termin ~ verdiğimiz ilk tarih
The last refresh ~ Die letzte Aktualisierung ~ Son yenileme
The manifest names none. ~ Das Manifest nennt keine. ~ Manifest hiçbirini adlandırmıyor.
The others give way in proportion: together they would have {n} %
	~ Die anderen geben anteilig nach: zusammen wären es {n} %
	~ Diğerleri oranında verir: toplam %{n} olurdu
The position of the last entry ~ Die Position des letzten Eintrags ~ Son kaydın konumu
the rule ~ der Regel ~ kural
The run ~ Der Lauf ~ Çalıştırma
The server is away. What you typed stays; this page goes on by itself as soon as it is back.
	~ Der Server ist weg. Was Sie getippt haben, bleibt; die Seite macht von selbst weiter, sobald er wieder da ist.
	~ Sunucu yok. Yazdıklarınız kalır; dönünce sayfa kendiliğinden sürer.
The server is loading its data. What you typed stays; this page goes on by itself.
	~ Der Server lädt seine Daten. Was Sie getippt haben, bleibt; die Seite macht von selbst weiter.
	~ Sunucu verisini yüklüyor. Yazdıklarınız kalır; sayfa kendiliğinden sürer.
the whole process ~ der ganze Prozess ~ tüm süreç
Theme ~ Aussehen ~ Görünüm
Then ~ Dann ~ Sonra
then ~ dann ~ sonra
There are differences ~ Es gibt Abweichungen ~ Farklar var
There is no such promise ~ Diese Zusage gibt es nicht ~ Böyle bir söz yok
There is no such screen ~ Diese Seite gibt es nicht ~ Böyle bir ekran yok
These were to win and cannot: {list} ~ Diese sollten gewinnen und können nicht: {list} ~ Kazanması gerekip kazanamayanlar: {list}
This remedy cannot be tried by itself. ~ Diese Abhilfe lässt sich nicht allein versuchen. ~ Bu çare tek başına denenemez.
This scenario has ended ~ Dieses Szenario ist zu Ende ~ Bu senaryo sona erdi
This server takes no snapshots over the console; \`promised push\` does.
	~ Dieser Server nimmt Datenstände nicht über die Konsole; \`promised push\` tut es.
	~ Bu sunucu konsoldan veri almıyor; \`promised push\` kullanın.
This server wants a token. Whoever operates it gives you one; it stays in this tab only.
	~ Dieser Server will einen Zugangsschlüssel. Sie bekommen ihn vom Betreiber; er bleibt nur in diesem Tab.
	~ Bu sunucu bir anahtar ister. İşletenden alırsınız; yalnız bu sekmede kalır.
to be there ~ Ankunft ~ varış
To be there on ~ Da sein am ~ Varış günü
To be there or to leave ~ Ankunft oder Abgang ~ Varış veya çıkış
To class ~ An Klasse ~ Alan sınıf
to leave ~ Abgang ~ çıkış
To leave on ~ Abgehen am ~ Çıkış günü
To the content ~ Zum Inhalt ~ İçeriğe
Today ~ Heute ~ Bugün
today ~ heute ~ bugün
Token ~ Zugangsschlüssel ~ Anahtar
tokens ~ Zugänge ~ anahtar
Tomorrow again ~ Morgen wieder ~ Yarın yine
too late ~ zu spät ~ çok geç
Took from others ~ Von anderen bekommen ~ Başkalarından aldığı
Top ~ Die ersten ~ İlk
Top items ~ Stärkste Artikel ~ En güçlü ürünler
transfer ~ Umlagerung ~ transfer
Try in a scenario ~ Im Szenario versuchen ~ Senaryoda dene
Trying what would make it on time … ~ Es wird versucht, was es pünktlich macht … ~ Neyin zamanında yapacağı deneniyor …
Turn the order round ~ Reihenfolge umdrehen ~ Sırayı ters çevir
Type one change ~ Eine Änderung eintippen ~ Bir değişiklik yaz
Unit ~ Einheit ~ Birim
Unit cost ~ Stückkosten ~ Birim maliyet
Unit price ~ Stückpreis ~ Birim fiyat
Units more a day ~ Stück mehr am Tag ~ Günde fazladan adet
units on hand ~ Bestand in Stück ~ eldeki adet
Unlock all ~ Alle entsperren ~ Tüm kilitleri aç
Until ~ Bis ~ Bitiş
Used ~ Verbraucht ~ Kullanılan
used evenly ~ gleichmäßig verbraucht ~ eşit kullanım
Used up on {date}; after that it takes from others
	~ Verbraucht am {date}; danach nimmt sie von anderen
	~ {date} günü biter; sonrasında başkalarından alır
Value ~ Wert ~ Değer
value ~ Wert ~ değer
Value at risk ~ Gefährdeter Wert ~ Riskli değer
values ~ Werte ~ değer
Vary a value ~ Wert variieren ~ Değeri değiştir
Verdict ~ Urteil ~ Sonuç
Warnings ~ Warnungen ~ Uyarılar
Was ~ War ~ Eski
weeks ~ Wochen ~ hafta
What ~ Was ~ Ne
What becomes of them ~ Was aus ihnen wird ~ Onlara ne olacak
What can still be ordered ~ Was noch bestellt werden kann ~ Daha ne sipariş edilebilir
What can we promise, from where, when, at what cost?
	~ Was können wir zusagen, woher, wann, zu welchen Kosten?
	~ Ne, nereden, ne zaman, hangi maliyetle söz verebiliriz?
What changes ~ Was sich ändert ~ Değişen
What classes can have ~ Was die Klassen haben können ~ Sınıfların alabileceği
What if it delivered more? ~ Was, wenn er mehr lieferte? ~ Daha fazla verse?
What if it worked longer? ~ Und wenn sie länger arbeitete? ~ Daha uzun çalışsa?
What is left of the share of {class} ~ Was vom Anteil von {class} bleibt ~ {class} payından kalan
what it is made of, and when ~ woraus es besteht, und wann ~ neyden ve ne zaman
What it would do ~ Was es bewirken würde ~ Etkisi
What limits, by value ~ Was begrenzt, nach Wert ~ Değere göre sınırlayan
What was changed ~ Was geändert wurde ~ Neler değişti
What would change it ~ Was es ändern würde ~ Neyi değiştirirdi
What would each value cost or bring? Nothing is changed.
	~ Was würde jeder Wert kosten oder bringen? Geändert wird nichts.
	~ Her değer neye mal olur, ne getirir? Hiçbir şey değişmez.
When ~ Wann ~ Ne zaman
when it is asked for ~ auf Wunsch ~ istendiğinde
Which item? ~ Welcher Artikel? ~ Hangi ürün?
Which lines ~ Welche Positionen ~ Hangi satırlar
Which resource costs us most? ~ Welche Ressource kostet uns am meisten? ~ En pahalıya mal olan kaynak?
Which scenario? ~ Welches Szenario? ~ Hangi senaryo?
Which supplier costs us most? ~ Welcher Lieferant kostet uns am meisten? ~ Bize en pahalıya hangi tedarikçi gelir?
Who ~ Wer ~ Kim
Who are you? ~ Wer sind Sie? ~ Kimsiniz?
Who counts on it ~ Wer damit rechnet ~ Buna güvenenler
Who counts on what it has planned ~ Wer mit dem rechnet, was sie geplant hat ~ Planladığına güvenenler
Who is hit if it comes later? ~ Wer ist betroffen, wenn es später kommt? ~ Geç gelirse kim etkilenir?
Who is hit if it is late? ~ Wer ist betroffen, wenn er zu spät liefert? ~ Gecikirse kim etkilenir?
Who is hit? ~ Wer ist betroffen? ~ Kim etkilenir?
Who is served first ~ Wer zuerst bedient wird ~ Önce kim karşılanır
Who may what ~ Wer was darf ~ Kim ne yapabilir
Who ships to customers ~ Wer an Kunden liefert ~ Müşterilere kim sevk eder
Whose shares? ~ Wessen Anteile? ~ Kimin payları?
Why ~ Warum ~ Neden
Why it is right all the same ~ Warum es trotzdem richtig ist ~ Neden yine de doğru
Win ~ Gewinnen ~ Kazanan
win: on time, others give way ~ gewinnen: pünktlich, andere weichen ~ kazan: zamanında, diğerleri yer açar
wins ~ gewinnt ~ kazanır
without fault ~ ohne Fehler ~ hatasız
Work it out ~ Ausrechnen ~ Hesapla
work order ~ Fertigungsauftrag ~ iş emri
Worse off ~ Schlechter ~ Daha kötü
worth {value} ~ im Wert von {value} ~ değeri {value}
You are ~ Sie sind ~ Siz
Your name ~ Ihr Name ~ Adınız
yyyy ~ JJJJ ~ yyyy
zone ~ Zone ~ bölge
{at} ships no more order lines on {date} ~ {at} versendet am {date} keine weiteren Positionen ~ {at} {date} günü daha fazla kalem göndermez
{at} ships on {date} at the earliest ~ {at} versendet frühestens am {date} ~ {at} en erken {date} günü gönderir
{a} of {b} hours ~ {a} von {b} Stunden ~ {b} saatin {a} saati
{a} of {b} of memory ~ {a} von {b} Speicher ~ belleğin {a} / {b}
{by} against now ~ {by} gegenüber jetzt ~ şimdiye göre {by}
{class} over the period ~ {class} über den Zeitraum ~ Dönem boyunca {class}
{date}, the date of the data ~ {date}, das Datum der Daten ~ {date}, verinin tarihi
{done} of {lines} lines ~ {done} von {lines} Positionen ~ {lines} satırdan {done}
{from} to {to} ~ {from} bis {to} ~ {from} – {to}
{item} at {at}: {class} has {n} of its {given} left on {date}
	~ {item} in {at}: {class} hat am {date} noch {n} von {given}
	~ {at} içinde {item}: {class} için {date} günü {given} adedin {n} kadarı kaldı
{item} at {at}: {n} available on {date} ~ {item} in {at}: {n} verfügbar am {date} ~ {at} içinde {item}: {date} günü {n} kullanılabilir
{item} at {location} ~ {item} in {location} ~ {location} yerinde {item}
{item} from {supplier}: {days} days of lead time, there from {until}
	~ {item} von {supplier}: {days} Tage Lieferzeit, da ab {until}
	~ {supplier} tedarikçisinden {item}: {days} gün tedarik süresi, {until} tarihinden itibaren orada
{item} instead ~ stattdessen {item} ~ yerine {item}
{name} is {n} day late|{name} is {n} days late ~ {name} liefert {n} Tag später|{name} liefert {n} Tage später ~ {name} {n} gün geç
{name} {n} day later|{name} {n} days later ~ {name} {n} Tag später|{name} {n} Tage später ~ {name} {n} gün sonra
{name}: as of {date} ~ {name}: Stand {date} ~ {name}: {date} tarihli
{name}: down ~ {name}: nach unten ~ {name}: aşağı
{name}: take away ~ {name}: wegnehmen ~ {name}: kaldır
{name}: up ~ {name}: nach oben ~ {name}: yukarı
{name}: {age} old ~ {name}: {age} alt ~ {name}: {age} eski
{n} a day more of {name} ~ {n} am Tag mehr von {name} ~ {name}: günde {n} fazla
{n} are available on the day asked for. ~ {n} sind am Wunschtag verfügbar. ~ İstenen günde {n} uygun.
{n} at risk ~ {n} gefährdet ~ {n} riskte
{n} day late|{n} days late ~ {n} Tag zu spät|{n} Tage zu spät ~ {n} gün geç
{n} day of lead time|{n} days of lead time ~ {n} Tag Lieferzeit|{n} Tage Lieferzeit ~ {n} gün temin süresi
{n} file, {size}|{n} files, {size} ~ {n} Datei, {size}|{n} Dateien, {size} ~ {n} dosya, {size}
{n} given back. ~ {n} zurückgegeben. ~ {n} geri verildi.
{n} held in all ~ insgesamt {n} reserviert ~ toplam {n} rezerve
{n} hours more of {name} ~ {n} Stunden mehr {name} ~ {name} için {n} saat daha
{n} hours of {name} ~ {n} Stunden {name} ~ {n} saat {name}
{n} in all ~ insgesamt {n} ~ toplam {n}
{n} is better off|{n} are better off ~ {n} steht besser|{n} stehen besser ~ {n} daha iyi
{n} left ~ {n} übrig ~ {n} kaldı
{n} line is hit|{n} lines are hit ~ {n} Position ist betroffen|{n} Positionen sind betroffen ~ {n} satır etkilenir
{n} line read.|{n} lines read. ~ {n} Zeile gelesen.|{n} Zeilen gelesen. ~ {n} satır okundu.
{n} line|{n} lines ~ {n} Position|{n} Positionen ~ {n} satır
{n} more account is under this rule|{n} more accounts are under this rule
	~ {n} weiteres Konto steht unter dieser Regel|{n} weitere Konten stehen unter dieser Regel
	~ {n} hesap daha bu kuralın altında|{n} hesap daha bu kuralın altında
{n} more of {item} at {at} by {date} ~ {n} mehr von {item} in {at} bis {date} ~ {date} gününe kadar {at} içinde {n} fazla {item}
{n} more than as given ~ {n} mehr als wie angegeben ~ verilenden {n} fazla
{n} ms ~ {n} ms ~ {n} ms
{n} nobody counts on ~ mit {n} rechnet niemand ~ {n} kimsenin güvenmediği
{n} of {all} changed. ~ {n} von {all} geändert. ~ {all} sözden {n} değişti.
{n} of {item} from the share of {class}, from {date} on
	~ {n} von {item} aus dem Anteil von {class}, ab {date}
	~ {class} payından {n} {item}, {date} gününden itibaren
{n} of {m} free ~ {n} von {m} frei ~ {m} alanın {n} kadarı boş
{n} promise is at risk by it|{n} promises are at risk by it
	~ {n} Zusage ist dadurch gefährdet|{n} Zusagen sind dadurch gefährdet
	~ bununla {n} söz riske girer
{n} promise is hurt|{n} promises are hurt ~ {n} Zusage leidet|{n} Zusagen leiden ~ {n} söz zarar görür
{n} promises on {m} accounts ~ {n} Zusagen auf {m} Konten ~ {m} hesapta {n} söz
{n} promise|{n} promises ~ {n} Zusage|{n} Zusagen ~ {n} söz
{n} s ~ {n} s ~ {n} sn
{n} safe again ~ {n} wieder sicher ~ {n} yeniden güvende
{resource} is full ~ {resource} ist voll ~ {resource} dolu
{resource} works longer: {hours} ~ {resource} arbeitet länger: {hours} ~ {resource} daha uzun çalışır: {hours}
{share} of the time is gone (the mark in each bar)
	~ {share} der Zeit sind um (der Strich in jedem Balken)
	~ sürenin {share} kadarı geçti (çubuktaki çizgi)
{supplier} delivers no more a day ~ {supplier} liefert nicht mehr am Tag ~ {supplier} günde daha fazla teslim etmez
{supply} comes {days} days earlier ~ {supply} kommt {days} Tage früher ~ {supply} {days} gün önce gelir
{what} bought from {by} ~ {what} gekauft bei {by} ~ {what}, {by} tedarikçisinden
{what} from stock ~ {what} aus Vorrat ~ {what}, stoktan
{what} from {by} ~ {what} aus {by} ~ {what}, {by}
{what} made by {by} ~ {what} gefertigt nach {by} ~ {what}, {by} ile üretilir
{what} moved from {by} ~ {what} umgelagert von {by} ~ {what}, {by} yerinden taşınır
{what} ships from {place} on {ship}, arrives {arrive}
	~ {what} geht ab {place} am {ship}, kommt an am {arrive}
	~ {what}, {place} çıkış {ship}, varış {arrive}
{what}: leaves {ship}, arrives {arrive}. ~ {what}: geht ab am {ship}, kommt an am {arrive}. ~ {what}: çıkış {ship}, varış {arrive}.
{what}: we cannot promise a date yet. ~ {what}: wir können noch keinen Termin zusagen. ~ {what}: henüz tarih veremiyoruz.
{work} takes {days} working days ~ {work} dauert {days} Arbeitstage ~ {work} {days} iş günü sürer
… and these give way ~ … und diese weichen ~ … ve bunlar yer açar
… as first promised ~ … wie zuerst zugesagt ~ … ilk söze göre
… as last promised ~ … wie zuletzt zugesagt ~ … son söze göre
… but these win ~ … aber diese gewinnen ~ … ama bunlar kazanır
can be changed ~ lässt sich ändern ~ değiştirilebilir
`;

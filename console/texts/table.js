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
About it ~ Über den Artikel ~ Ürün hakkında
About ~ Worum es geht ~ Konu
Absorbed ~ Übernommen ~ Devralınan
Account ~ Konto ~ Hesap
Add a priority ~ Priorität hinzufügen ~ Öncelik ekle
Add … ~ Hinzufügen … ~ Ekle …
Added ~ Neu ~ Eklenen
After a restart these did not fit any more: {list}
	~ Nach einem Neustart passten diese nicht mehr: {list}
	~ Yeniden başlatmadan sonra uymayanlar: {list}
After ~ Nachher ~ Sonra
Against ~ Gegen ~ Karşı
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
Answer ~ Antwort ~ Yanıt
Apply to live ~ Live übernehmen ~ Canlıya uygula
Are the books right? ~ Stimmen die Bücher? ~ Defterler doğru mu?
Arrives ~ Kommt an ~ Varış
Arrow keys go from day to day. ~ Pfeiltasten gehen von Tag zu Tag. ~ Ok tuşları günden güne gider.
As of ~ Stand ~ Tarih
As the system ~ Wie das System ~ Sistem gibi
Ask again ~ Nochmals fragen ~ Yeniden sor
Ask for it ~ Anfragen ~ Sorgula
Ask ~ Anfragen ~ Sorgula
Asked for now it would be on time: what was in its way is gone.
	~ Jetzt angefragt wäre es pünktlich: was im Wege stand, ist weg.
	~ Şimdi sorulsa zamanında olurdu: engel kalktı.
Asked for ~ Gewünscht ~ İstenen
Asked quantity ~ Gewünschte Menge ~ İstenen miktar
Asking … ~ Wird gefragt … ~ Soruluyor …
At least ~ Mindestens ~ En az
At risk ~ Gefährdet ~ Riskte
Audit ~ Protokoll ~ Denetim
Availability ~ Verfügbarkeit ~ Uygunluk
Back to live ~ Zurück zu Live ~ Canlıya dön
Backlog ~ Auftragsbestand ~ Bekleyenler
Balance ~ Bestand ~ Bakiye
Becomes ~ Wird ~ Yeni
Before ~ Vorher ~ Önce
Below zero by overrides or risk ~ Unter null durch Zwang oder Risiko ~ Zorlama veya riskle sıfırın altında
Best by the objective ~ Das Beste nach dem Ziel ~ Hedefe göre en iyisi
Best by ~ Am besten nach ~ En iyi ölçüt
Best customers ~ Beste Kunden ~ En iyi müşteriler
Better off ~ Besser ~ Daha iyi
By group, where it differs ~ Nach Gruppe, wo es sich unterscheidet ~ Farklı olan gruplar
By {method} ~ Mit {method} ~ {method} ile
By {what} ~ Nach {what} ~ {what} bazında
By ~ Mit ~ Nasıl
Calendar ~ Kalender ~ Takvim
Can have now ~ Kann jetzt haben ~ Şimdi alabilir
Carried over ~ Fortgeführt ~ Taşınan
Category ~ Warengruppe ~ Kategori
Change it in this scenario ~ In diesem Szenario ändern ~ Bu senaryoda değiştir
Change it ~ Ändern ~ Değiştir
Change the promise ~ Zusage ändern ~ Sözü değiştir
Change … ~ Ändern … ~ Değiştir …
Changed in the scenario. ~ Im Szenario geändert. ~ Senaryoda değiştirildi.
Changed. ~ Geändert. ~ Değiştirildi.
Changes since ~ Änderungen seither ~ O günden beri değişiklik
Changes without a new snapshot ~ Änderungen ohne neuen Datenstand ~ Yeni veri olmadan değişiklikler
Changes ~ Änderungen ~ Değişiklikler
Check now ~ Jetzt prüfen ~ Şimdi kontrol et
Check ~ Prüfen ~ Kontrol et
Choose a class and a value: who is hurt is seen here before anything is changed.
	~ Klasse und Wert wählen: wer leidet, steht hier, bevor etwas geändert wird.
	~ Sınıf ve değer seçin: kimin zarar göreceği, değişmeden önce burada görünür.
Choose an item and a location. ~ Artikel und Ort wählen. ~ Ürün ve yer seçin.
Choose an item that it delivers. ~ Einen Artikel wählen, den er liefert. ~ Tedarik ettiği bir ürün seçin.
Choose files ~ Dateien wählen ~ Dosya seç
Choose one above, or make one first. ~ Oben eines wählen oder erst eines anlegen. ~ Yukarıdan seçin veya önce oluşturun.
Class ~ Klasse ~ Sınıf
Close ~ Schließen ~ Kapat
Columns ~ Spalten ~ Sütunlar
Compare the two ~ Beide vergleichen ~ İkisini karşılaştır
Compare with live ~ Mit Live vergleichen ~ Canlıyla karşılaştır
Compare ~ Vergleichen ~ Karşılaştır
Configuration that holds ~ Geltende Einstellungen ~ Geçerli ayarlar
Confirm ~ Bestätigen ~ Onayla
Copied. ~ Kopiert. ~ Kopyalandı.
Copy as ~ Kopieren als ~ Kopyala
Copy for the customer ~ Für den Kunden kopieren ~ Müşteri için kopyala
Copy ~ Kopieren ~ Kopyala
Cost ~ Kosten ~ Maliyet
Could be sooner ~ Ginge früher ~ Daha erken olabilir
Could be ~ Möglich wäre ~ Olabilir
Customer or supplier ~ Kunde oder Lieferant ~ Müşteri veya tedarikçi
Customer ~ Kunde ~ Müşteri
Customers hit most ~ Am meisten betroffene Kunden ~ En çok etkilenen müşteriler
Dark ~ Dunkel ~ Koyu
Data as of ~ Stand der Daten ~ Veri tarihi
Data ~ Daten ~ Veri
Date ~ Datum ~ Tarih
Days late ~ Tage zu spät ~ Gecikme (gün)
Days later ~ Tage später ~ Gün sonra
Days ~ Tage ~ Gün
Description ~ Bezeichnung ~ Tanım
Difference ~ Unterschied ~ Fark
Document ~ Beleg ~ Belge
Documents ~ Belege ~ Belgeler
Drag a supply (or use its arrow keys) to another day to see who is hurt.
	~ Einen Zugang auf einen anderen Tag ziehen (oder Pfeiltasten): wer leidet, erscheint sofort.
	~ Bir tedariki başka güne sürükleyin (veya ok tuşları): kimin etkilendiği görünür.
Put who goes first on top, and run. You see who wins and who loses before anything is live.
	~ Wer zuerst kommt, nach oben ziehen, dann rechnen. Wer gewinnt und wer verliert, steht da, bevor etwas gilt.
	~ Öncelikli olanı üste alıp çalıştırın. Kimin kazandığını, kimin kaybettiğini canlıya geçmeden görürsünüz.
Drop manifest.json and the tables here (.csv, .parquet)
	~ manifest.json und die Tabellen hier ablegen (.csv, .parquet)
	~ manifest.json ve tabloları buraya bırakın (.csv, .parquet)
Dropped ~ Weggefallen ~ Düşen
Ends ~ Endet ~ Bitiş
Errors ~ Fehler ~ Hatalar
Every balance is computed anew and compared with the running one. Promising goes on meanwhile.
	~ Jeder Bestand wird neu gerechnet und mit dem laufenden verglichen. Zugesagt wird weiter.
	~ Her bakiye yeniden hesaplanıp çalışanla karşılaştırılır. Söz verme sürer.
Everybody may take all of {item} at {location}.
	~ Jeder darf alles von {item} in {location} nehmen.
	~ {location} yerindeki {item} herkese açık.
Exceptions that it limits ~ Ausnahmen, die er begrenzt ~ Sınırladığı istisnalar
Exceptions ~ Ausnahmen ~ İstisnalar
Faults, with their places ~ Fehler mit ihren Stellen ~ Hatalar ve yerleri
Figure ~ Kennzahl ~ Gösterge
Figures ~ Kennzahlen ~ Göstergeler
Files of the snapshot ~ Dateien des Datenstands ~ Veri dosyaları
Fill rate ~ Erfüllungsgrad ~ Karşılama oranı
Filter {name} ~ {name} filtern ~ {name} süz
Filter ~ Filter ~ Süzgeç
Find item, order, customer … ~ Artikel, Auftrag, Kunde suchen … ~ Ürün, sipariş, müşteri bul …
Find ~ Suchen ~ Bul
First day ~ Erster Tag ~ İlk gün
For class ~ Für Klasse ~ Sınıf için
For which day? ~ Für welchen Tag? ~ Hangi gün için?
Forced ~ Erzwungen ~ Zorlanan
Forget it ~ Verwerfen ~ Vazgeç
Forget ~ Verwerfen ~ Sil
From class ~ Von Klasse ~ Veren sınıf
From day ~ Ab Tag ~ Başlangıç günü
From location ~ Ab Ort ~ Çıkış yeri
From {at} it is there on {date} at the earliest ~ Ab {at} ist es frühestens am {date} da ~ {at} yerinden en erken {date} günü varır
From {at} ~ Ab {at} ~ {at} yerinden
From ~ Von ~ Nereden
Full days ~ Volle Tage ~ Dolu günler
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
Group ~ Gruppe ~ Grup
Grouped by ~ Gruppiert nach ~ Gruplama
Hold 15 minutes longer ~ 15 Minuten länger ~ 15 dakika uzat
Hold ends in ~ Reservierung endet in ~ Rezerv bitimine
Hold ~ Reservieren ~ Rezerve et
Holds that end soon ~ Bald endende Reservierungen ~ Yakında biten rezervler
Hours alone move nothing: promise the lines again by a backlog run in that scenario.
	~ Stunden allein verschieben nichts: die Positionen in dem Szenario durch einen Lauf neu zusagen.
	~ Saat tek başına bir şey değiştirmez: senaryoda yeniden söz verme çalıştırın.
Hours more a day ~ Stunden mehr am Tag ~ Günde ek saat
Hours ~ Stunden ~ Saat
How it is replenished ~ Wie nachgeliefert wird ~ Nasıl yenilenir
How many hours? ~ Wie viele Stunden? ~ Kaç saat?
How many lines ~ Wie viele Positionen ~ Kaç satır
How many whole days? ~ Wie viele ganze Tage? ~ Kaç tam gün?
How many? ~ Wie viele? ~ Kaç adet?
I take care of it ~ Ich kümmere mich ~ Ben ilgileniyorum
If so ~ Dann ~ Öyleyse
In a week ~ In einer Woche ~ Bir hafta sonra
In several parts ~ In mehreren Teilen ~ Birkaç parça halinde
Into a backlog run ~ In einen Lauf ~ Yeniden söz vermeye
It could be {date} by now. ~ Inzwischen ginge {date}. ~ Artık {date} mümkün.
It delivers as much a day as is ordered. ~ Er liefert am Tag so viel, wie bestellt wird. ~ Günde sipariş edildiği kadar verir.
It has shipped ~ Ist versandt ~ Sevk edildi
It is applied, and cannot be changed any more. ~ Es ist übernommen und bleibt, wie es ist. ~ Uygulandı, artık değiştirilemez.
It is held back. ~ Er wird zurückgehalten. ~ Bekletiliyor.
It is live now, at position {n}. ~ Es ist jetzt live, bei Position {n}. ~ Artık canlı, konum {n}.
It serves. ~ Er gilt jetzt. ~ Geçerli.
It waits for the slowest line of its set, until {date}
	~ Es wartet auf die langsamste Position seines Satzes, bis {date}
	~ Setinin en yavaş kalemini {date} gününe kadar bekler
It would be refused ~ Es würde abgelehnt ~ Reddedilirdi
Item ~ Artikel ~ Ürün
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
Kind of change ~ Art der Änderung ~ Değişiklik türü
Kind ~ Art ~ Tür
Kinds ~ Arten ~ Türler
Language ~ Sprache ~ Dil
Last day ~ Letzter Tag ~ Son gün
Late and risky lines by the {what} that limits them
	~ Späte und gefährdete Positionen nach begrenzendem Merkmal: {what}
	~ Geç ve riskli satırlar, sınırlayana göre: {what}
Late ~ Zu spät ~ Geç
Leaves ~ Geht ab ~ Çıkış
Left ~ Übrig ~ Kalan
Let it serve all the same ~ Trotzdem gelten lassen ~ Yine de devreye al
Let it serve ~ Gelten lassen ~ Devreye al
Let {name} serve again? ~ {name} wieder gelten lassen? ~ {name} yeniden devreye alınsın mı?
Level ~ Stufe ~ Düzey
Light ~ Hell ~ Açık
Limited by ~ Begrenzt durch ~ Sınırlayan
Line {n}: item, quantity and date are needed. ~ Zeile {n}: Artikel, Menge und Datum fehlen. ~ Satır {n}: ürün, miktar ve tarih gerekli.
Lines are promised again with each value ~ Positionen werden mit jedem Wert neu zugesagt ~ Satırlara her değerle yeniden söz verilir
Lines at risk ~ Gefährdete Positionen ~ Riskli satırlar
Lines done ~ Erledigte Positionen ~ Biten satırlar
Lines from a spreadsheet ~ Zeilen aus einer Tabelle ~ Tablodan satırlar
Lines on it ~ Positionen darauf ~ Üzerindeki satırlar
Lines ~ Positionen ~ Satırlar
List price ~ Listenpreis ~ Liste fiyatı
Live as it was at position ~ Live, wie es war bei Position ~ Şu konumdaki canlı
Live has moved on: {why}. Do the same again on live as it is now?
	~ Live ist weiter: {why}. Dasselbe noch einmal auf Live, wie es jetzt ist?
	~ Canlı ilerledi: {why}. Aynısı şimdiki canlıda yeniden yapılsın mı?
Live promises ~ Laufende Zusagen ~ Canlı sözler
Live since position {n} ~ Live seit Position {n} ~ {n} konumundan beri canlı
Live ~ Live ~ Canlı
Load against capacity, hours ~ Last gegen Kapazität, Stunden ~ Yük ve kapasite, saat
Load the page again ~ Seite neu laden ~ Sayfayı yeniden yükle
Location ~ Ort ~ Yer
Lock all losers ~ Alle Verlierer sperren ~ Tüm kaybedenleri kilitle
Lock {n} and run again ~ {n} sperren und nochmals laufen ~ {n} kilitle, yeniden çalıştır
Look around in it ~ Darin umsehen ~ İçinde gez
Look first ~ Erst ansehen ~ Önce bak
Look ten seconds for a sequence worth more ~ Zehn Sekunden nach einer besseren Folge suchen ~ On saniye daha değerli bir sıra ara
Looks like broken data ~ Sieht nach kaputten Daten aus ~ Bozuk veriye benziyor
Lose ~ Verlieren ~ Kaybeden
Lot ~ Los ~ Parti
Make it firm ~ Fest zusagen ~ Kesinleştir
Make it ~ Anlegen ~ Oluştur
Make the change ~ Ändern ~ Değiştir
Make this scenario live? It becomes one entry, and can be taken back.
	~ Dieses Szenario live nehmen? Es wird ein Eintrag und kann zurückgenommen werden.
	~ Bu senaryo canlıya alınsın mı? Tek kayıt olur, geri alınabilir.
Make {n} change|Make {n} changes ~ {n} Änderung ausführen|{n} Änderungen ausführen ~ {n} değişikliği yap
Margin ~ Marge ~ Marj
May be split ~ Darf geteilt werden ~ Bölünebilir
Mean days late ~ Mittlere Verspätung (Tage) ~ Ortalama gecikme (gün)
Memory ~ Speicher ~ Bellek
More terms ~ Weitere Bedingungen ~ Diğer koşullar
Move {name}, {text}, now on {date} ~ {name} verschieben, {text}, jetzt am {date} ~ {name} taşı, {text}, şimdi {date}
Moved from {from} to {at}: there on {until}
	~ Umlagerung von {from} nach {at}: da am {until}
	~ {from} yerinden {at} yerine taşıma: {until} günü orada
Name ~ Name ~ Ad
Needed on ~ Gebraucht am ~ Gerektiği gün
Negative is earlier. ~ Negativ heißt früher. ~ Eksi daha erken demektir.
New scenario ~ Neues Szenario ~ Yeni senaryo
New scenario … ~ Neues Szenario … ~ Yeni senaryo …
New token for ~ Neuer Zugang für ~ Yeni anahtar sahibi
New token ~ Neuer Zugang ~ Yeni anahtar
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
Nobody counts on it. ~ Niemand rechnet damit. ~ Kimse buna güvenmiyor.
Nobody is hit ~ Niemand ist betroffen ~ Kimse etkilenmiyor
Nobody is hurt ~ Niemand leidet ~ Kimse zarar görmez
Nodes ~ Knoten ~ Düğümler
None: the server keeps no directory. ~ Keine: der Server führt kein Verzeichnis. ~ Yok: sunucu dizin tutmuyor.
Not after ~ Nicht nach ~ En geç
Not in this scenario. ~ Nicht in diesem Szenario. ~ Bu senaryoda yok.
Note ~ Notiz ~ Not
Nothing asked yet ~ Noch nichts gefragt ~ Henüz sorulmadı
Nothing better can be promised: the old promise stands.
	~ Besseres ist nicht möglich: die alte Zusage bleibt.
	~ Daha iyisi verilemez: eski söz geçerli.
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
Of which ~ Von welchem ~ Hangisinin
On hand {n} {uom}. ~ Vorrat {n} {uom}. ~ Eldeki {n} {uom}.
On time by week ~ Pünktlich nach Woche ~ Haftaya göre zamanında
On time ~ Pünktlich ~ Zamanında
On time, as asked ~ Pünktlich wie gewünscht ~ Zamanında, istendiği gibi
One line ~ Eine Position ~ Tek satır
One process. ~ Ein Prozess. ~ Tek süreç.
Only lines ~ Nur Positionen ~ Yalnız satırlar
Only look for faults ~ Nur nach Fehlern suchen ~ Yalnız hata ara
Options ~ Möglichkeiten ~ Seçenekler
Order line ~ Auftragsposition ~ Sipariş satırı
Order ~ Auftrag ~ Sipariş
Orders before all others ~ Aufträge vor allen anderen ~ Herkesten önceki siparişler
Outcome ~ Ergebnis ~ Sonuç
Own ~ Eigene ~ Kendi
Owner ~ Von ~ Sahibi
Part ~ Anteil ~ Pay
Paste at least one line. ~ Mindestens eine Zeile einfügen. ~ En az bir satır yapıştırın.
Paste lines ~ Zeilen einfügen ~ Satır yapıştır
Pegging ~ Zuordnung ~ Bağlantı
Pegging, depth by time ~ Zuordnung, Tiefe über Zeit ~ Bağlantı, zamana göre derinlik
Percent ~ Prozent ~ Yüzde
Period ~ Zeitraum ~ Dönem
Pick all ~ Alle wählen ~ Hepsini seç
Pick {name} ~ {name} wählen ~ {name} seç
Planning data ~ Planungsdaten ~ Planlama verisi
Position ~ Position ~ Konum
Possible on {date}, after the latest acceptable date
	~ Möglich am {date}, nach dem spätesten annehmbaren Tag
	~ {date} günü olabilir, kabul edilen en geç günden sonra
Priority ~ Priorität ~ Öncelik
Profit by class ~ Gewinn nach Klasse ~ Sınıfa göre kâr
Profit ~ Gewinn ~ Kâr
Progress ~ Fortschritt ~ İlerleme
Promise again in this scenario ~ In diesem Szenario neu zusagen ~ Bu senaryoda yeniden söz ver
Promise open lines again; nothing is live before you apply it.
	~ Offene Positionen neu zusagen; nichts ist live, bevor Sie es übernehmen.
	~ Açık satırlara yeniden söz verin; siz uygulamadan canlı olmaz.
Promise ~ Zusage ~ Söz
Promised again ~ Neu zugesagt ~ Yeniden söz verilen
Promised lines ~ Zugesagte Positionen ~ Söz verilen satırlar
Promised on ~ Zugesagt am ~ Söz tarihi
Promises changed ~ Geänderte Zusagen ~ Değişen sözler
Promises ~ Zusagen ~ Sözler
Promising again … ~ Wird neu zugesagt … ~ Yeniden söz veriliyor …
Put off ~ Zurückgestellte ~ Ertelenen
Quantity ~ Menge ~ Miktar
Questions ~ Fragen ~ Sorular
Rank ~ Rang ~ Sıra
Read in ~ Gelesen in ~ Okuma süresi
Release ~ Freigeben ~ Serbest bırak
Remedy for {name} ~ Abhilfe für {name} ~ {name} için çare
Resource ~ Ressource ~ Kaynak
Resources that limit most ~ Ressourcen, die am meisten begrenzen ~ En çok sınırlayan kaynaklar
Resources ~ Ressourcen ~ Kaynaklar
Result, not live yet ~ Ergebnis, noch nicht live ~ Sonuç, henüz canlı değil
Revenue at risk ~ Gefährdeter Umsatz ~ Riskli ciro
Revenue on time ~ Pünktlicher Umsatz ~ Zamanında ciro
Revoke the token {name}? ~ Zugang {name} entziehen? ~ {name} anahtarı iptal edilsin mi?
Revoke ~ Entziehen ~ İptal et
Risk ~ Risiko ~ Risk
Roles ~ Rollen ~ Roller
Rows of changes ~ Zeilen mit Änderungen ~ Değişiklik satırları
Rows ~ Zeilen ~ Satırlar
Rule ~ Regel ~ Kural
Rules that hold, and why ~ Geltende Regeln, und warum ~ Geçerli kurallar ve nedeni
Run ~ Laufen lassen ~ Çalıştır
Say which item, how many and for when. Check keeps nothing; Hold keeps it for a while; Confirm for good.
	~ Sagen Sie, welcher Artikel, wie viele und bis wann. Prüfen hält nichts fest, Reservieren für eine Weile, Bestätigen für immer.
	~ Hangi ürün, kaç adet, ne zaman? Kontrol bir şey tutmaz; Rezerve bir süre, Onay kalıcı tutar.
Say who you are. ~ Sagen Sie, wer Sie sind. ~ Kim olduğunuzu yazın.
Scenario ~ Szenario ~ Senaryo
Scenarios ~ Szenarien ~ Senaryolar
Screen ~ Seite ~ Ekran
Screens ~ Seiten ~ Ekranlar
Seen by ~ Gesehen von ~ Gören
Service and money ~ Service und Geld ~ Hizmet ve para
Serving for ~ In Betrieb seit ~ Hizmet süresi
Set the share ~ Anteil setzen ~ Payı belirle
Setting ~ Einstellung ~ Ayar
Shares are changed in live. In a scenario, use its changes.
	~ Anteile werden live geändert. Im Szenario bitte über dessen Änderungen.
	~ Paylar canlıda değişir. Senaryoda değişikliklerini kullanın.
Shares of classes ~ Anteile der Klassen ~ Sınıf payları
Shares of {item} ~ Anteile an {item} ~ {item} payları
Shift units ~ Stück verschieben ~ Adet kaydır
Ship method ~ Versandart ~ Sevk yöntemi
Ships from ~ Versand ab ~ Sevk başlangıcı
Ships until ~ Versand bis ~ Sevk bitişi
Ships ~ Versand ~ Sevk
Short accounts ~ Knappe Konten ~ Eksik hesaplar
Shown once ~ Nur einmal gezeigt ~ Bir kez gösterilir
Since ~ Seit ~ Beri
Snapshot ~ Datenstand ~ Veri durumu
Snapshots that are kept ~ Aufbewahrte Datenstände ~ Saklanan veri durumları
Sources ~ Quellen ~ Kaynak sistemler
Span ~ Spanne ~ Süre
State ~ Zustand ~ Durum
Step ~ Schritt ~ Adım
Stop ~ Anhalten ~ Durdur
Substitutes may ship ~ Ersatz ist erlaubt ~ İkame gönderilebilir
Substitutes ~ Ersatzartikel ~ İkameler
Suggestions ~ Vorschläge ~ Öneriler
Supplier ~ Lieferant ~ Tedarikçi
Suppliers that limit most ~ Lieferanten, die am meisten begrenzen ~ En çok sınırlayan tedarikçiler
Supplies that can be moved ~ Zugänge, die sich verschieben lassen ~ Taşınabilen tedarikler
Supply ~ Zugang ~ Tedarik
System ~ System ~ Sistem
Table ~ Tabelle ~ Tablo
Take a filter away, or ask for all states.
	~ Einen Filter wegnehmen oder alle Zustände wählen.
	~ Bir süzgeci kaldırın veya tüm durumları seçin.
Take away ~ Wegnehmen ~ Çıkar
Take it back ~ Zurücknehmen ~ Geri al
Take over the changes of ~ Änderungen übernehmen von ~ Değişikliklerini al:
Take the earlier date ~ Den früheren Termin nehmen ~ Erken tarihi al
Take the shipment back ~ Versand zurücknehmen ~ Sevkiyatı geri al
Take this one ~ Diese nehmen ~ Bunu seç
Taken back: all is as it was. ~ Zurückgenommen: alles ist, wie es war. ~ Geri alındı: her şey eskisi gibi.
Taken by others ~ Von anderen genommen ~ Başkalarının aldığı
Taken from ~ Gezogen aus ~ Kaynağı
Taken ~ Gezogen ~ Alındığı an
That did not work ~ Das ging nicht ~ Olmadı
The address may be old. Choose one on the left.
	~ Die Adresse ist vielleicht alt. Links eine Seite wählen.
	~ Adres eski olabilir. Soldan seçin.
The date of the snapshot ~ Das Datum der Daten ~ Verinin tarihi
The last refresh ~ Die letzte Aktualisierung ~ Son yenileme
The manifest names none. ~ Das Manifest nennt keine. ~ Manifest hiçbirini adlandırmıyor.
The others give way in proportion: together they would have {n} %
	~ Die anderen geben anteilig nach: zusammen wären es {n} %
	~ Diğerleri oranında verir: toplam %{n} olurdu
The position of the last entry ~ Die Position des letzten Eintrags ~ Son kaydın konumu
The run ~ Der Lauf ~ Çalıştırma
The server is away. What you typed stays; this page goes on by itself as soon as it is back.
	~ Der Server ist weg. Was Sie getippt haben, bleibt; die Seite macht von selbst weiter, sobald er wieder da ist.
	~ Sunucu yok. Yazdıklarınız kalır; dönünce sayfa kendiliğinden sürer.
The server is loading its data. What you typed stays; this page goes on by itself.
	~ Der Server lädt seine Daten. Was Sie getippt haben, bleibt; die Seite macht von selbst weiter.
	~ Sunucu verisini yüklüyor. Yazdıklarınız kalır; sayfa kendiliğinden sürer.
Theme ~ Aussehen ~ Görünüm
Then ~ Dann ~ Sonra
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
To be there on ~ Da sein am ~ Varış günü
To be there or to leave ~ Ankunft oder Abgang ~ Varış veya çıkış
To class ~ An Klasse ~ Alan sınıf
To leave on ~ Abgehen am ~ Çıkış günü
To the content ~ Zum Inhalt ~ İçeriğe
Today ~ Heute ~ Bugün
Token ~ Zugangsschlüssel ~ Anahtar
Tomorrow again ~ Morgen wieder ~ Yarın yine
Took from others ~ Von anderen bekommen ~ Başkalarından aldığı
Top items ~ Stärkste Artikel ~ En güçlü ürünler
Top ~ Die ersten ~ İlk
Try in a scenario ~ Im Szenario versuchen ~ Senaryoda dene
Trying what would make it on time … ~ Es wird versucht, was es pünktlich macht … ~ Neyin zamanında yapacağı deneniyor …
Turn the order round ~ Reihenfolge umdrehen ~ Sırayı ters çevir
Type one change ~ Eine Änderung eintippen ~ Bir değişiklik yaz
Unit cost ~ Stückkosten ~ Birim maliyet
Unit price ~ Stückpreis ~ Birim fiyat
Unit ~ Einheit ~ Birim
Unlock all ~ Alle entsperren ~ Tüm kilitleri aç
Until ~ Bis ~ Bitiş
Used ~ Verbraucht ~ Kullanılan
Value at risk ~ Gefährdeter Wert ~ Riskli değer
Value ~ Wert ~ Değer
Vary a value ~ Wert variieren ~ Değeri değiştir
Verdict ~ Urteil ~ Sonuç
Warnings ~ Warnungen ~ Uyarılar
Was ~ War ~ Eski
What becomes of them ~ Was aus ihnen wird ~ Onlara ne olacak
What can still be ordered ~ Was noch bestellt werden kann ~ Daha ne sipariş edilebilir
What can we promise, from where, when, at what cost?
	~ Was können wir zusagen, woher, wann, zu welchen Kosten?
	~ Ne, nereden, ne zaman, hangi maliyetle söz verebiliriz?
What changes ~ Was sich ändert ~ Değişen
What classes can have ~ Was die Klassen haben können ~ Sınıfların alabileceği
What if it worked longer? ~ Und wenn sie länger arbeitete? ~ Daha uzun çalışsa?
What it would do ~ Was es bewirken würde ~ Etkisi
What limits, by value ~ Was begrenzt, nach Wert ~ Değere göre sınırlayan
What was changed ~ Was geändert wurde ~ Neler değişti
What would change it ~ Was es ändern würde ~ Neyi değiştirirdi
What would each value cost or bring? Nothing is changed.
	~ Was würde jeder Wert kosten oder bringen? Geändert wird nichts.
	~ Her değer neye mal olur, ne getirir? Hiçbir şey değişmez.
What ~ Was ~ Ne
When ~ Wann ~ Ne zaman
Which item? ~ Welcher Artikel? ~ Hangi ürün?
Which lines ~ Welche Positionen ~ Hangi satırlar
Which resource costs us most? ~ Welche Ressource kostet uns am meisten? ~ En pahalıya mal olan kaynak?
Which scenario? ~ Welches Szenario? ~ Hangi senaryo?
Which supplier? ~ Welcher Lieferant? ~ Hangi tedarikçi?
Who are you? ~ Wer sind Sie? ~ Kimsiniz?
Who counts on it ~ Wer damit rechnet ~ Buna güvenenler
Who counts on what it has planned ~ Wer mit dem rechnet, was sie geplant hat ~ Planladığına güvenenler
Who is hit if it comes later? ~ Wer ist betroffen, wenn es später kommt? ~ Geç gelirse kim etkilenir?
Who is hit if it is late? ~ Wer ist betroffen, wenn er zu spät liefert? ~ Gecikirse kim etkilenir?
Who is hit? ~ Wer ist betroffen? ~ Kim etkilenir?
Who is served first ~ Wer zuerst bedient wird ~ Önce kim karşılanır
Who may what ~ Wer was darf ~ Kim ne yapabilir
Who ships to customers ~ Wer an Kunden liefert ~ Müşterilere kim sevk eder
Who ~ Wer ~ Kim
Whose shares? ~ Wessen Anteile? ~ Kimin payları?
Why it is right all the same ~ Warum es trotzdem richtig ist ~ Neden yine de doğru
Why ~ Warum ~ Neden
Win ~ Gewinnen ~ Kazanan
Work it out ~ Ausrechnen ~ Hesapla
Worse off ~ Schlechter ~ Daha kötü
You are ~ Sie sind ~ Siz
Your name ~ Ihr Name ~ Adınız
a year ~ ein Jahr ~ bir yıl
accounts whose balance changed ~ Konten mit geändertem Bestand ~ bakiyesi değişen hesap
added ~ neu ~ eklendi
after the day asked for ~ nach dem Wunschtag ~ istenen günden sonra
again from {until} ~ wieder ab {until} ~ {until} tarihinden itibaren yine
against ~ gegen ~ karşı
age ~ Alter ~ yaş
all at once ~ alles zusammen ~ hepsi birden
all ~ alle ~ hepsi
and by ~ und nach ~ ve
any level ~ jede Stufe ~ her düzey
any ~ jedes ~ hepsi
anybody: no tokens are set up ~ irgendwer: es sind keine Zugänge eingerichtet ~ herhangi biri: anahtar tanımlı değil
applied at {n} ~ übernommen bei {n} ~ {n} konumunda uygulandı
arrives ~ kommt an ~ varış
as given ~ wie angegeben ~ verildiği gibi
as it would be made if it were asked for now ~ wie es entstünde, wenn jetzt gefragt würde ~ şimdi sorulsa nasıl karşılanırdı
as of ~ Stand ~ tarih
asked for ~ gewünscht ~ istenen
at most ~ höchstens ~ en çok
at risk lines ~ gefährdete Positionen ~ riskli satır
at risk only ~ nur gefährdete ~ yalnız riskli
at risk value ~ gefährdeter Wert ~ riskli değer
at risk ~ gefährdet ~ riskte
available then ~ dann verfügbar ~ o zaman uygun
available ~ verfügbar ~ uygun
backlog lines ~ offene Positionen ~ bekleyen satır
backlog value ~ offener Wert ~ bekleyen değer
balance ~ Bestand ~ bakiye
before {value} ~ vorher {value} ~ önce {value}
bought from ~ gekauft bei ~ alındığı yer
bought ~ gekauft ~ satın alınan
buy ~ Kauf ~ satın alma
by the day asked for ~ bis zum Wunschtag ~ istenen güne kadar
by ~ mit ~ ile
cancelled ~ zurückgegeben ~ iptal
capacity ~ Kapazität ~ kapasite
category ~ Warengruppe ~ kategori
changed ~ geändert ~ değişti
class ~ Klasse ~ sınıf
confirmed ~ bestätigt ~ onaylı
cost ~ Kosten ~ maliyet
costs most: {value} in {n} promise|costs most: {value} in {n} promises
	~ kostet am meisten: {value} in {n} Zusage|kostet am meisten: {value} in {n} Zusagen
	~ en pahalı: {n} sözde {value}
could be sooner ~ ginge früher ~ erken olabilir
country ~ Land ~ ülke
critical ~ kritisch ~ kritik
customer ~ Kunde ~ müşteri
data {n} ~ Daten {n} ~ veri {n}
day asked for ~ Wunschtag ~ istenen gün
days a supply comes later ~ Tage, um die ein Zugang später kommt ~ tedarikin geciktiği gün
days late mean ~ mittlere Verspätung ~ ortalama gecikme
days late ~ Tage zu spät ~ gecikme günü
days of lead time ~ Tage Wiederbeschaffungszeit ~ tedarik süresi, gün
days ~ Tage ~ gün
dd ~ TT ~ gg
demand class ~ Klasse ~ sınıf
demand ~ Bedarf ~ talep
documents of {date} ~ Belege vom {date} ~ {date} belgeleri
documents ~ Belege ~ belge
earliest arrival ~ frühester Ankunft ~ en erken varış
enough from {until} ~ genug ab {until} ~ {until} tarihinden itibaren yeterli
entries ~ Einträge ~ kayıt
exceptions ~ Ausnahmen ~ istisna
expired ~ abgelaufen ~ süresi doldu
fill: may lose, never gains ~ füllen: darf verlieren, gewinnt nie ~ doldur: kaybedebilir, kazanamaz
first promise ~ erste Zusage ~ ilk söz
for everybody, or a class ~ für alle, oder eine Klasse ~ herkes veya bir sınıf
for ~ für ~ için
forced ~ erzwungen ~ zorlandı
forecast ~ Prognose ~ tahmin
from {date} ~ ab {date} ~ {date} itibarıyla
from ~ von ~ kaynak
gain: keeps at least what it has ~ mehren: behält mindestens, was sie hat ~ kazan: elindekini korur
generation {n} ~ Generation {n} ~ nesil {n}
gone ~ weg ~ gitti
groups ~ Gruppen ~ grup
held back ~ zurückgehalten ~ bekletildi
held lines ~ reservierte Positionen ~ rezerve satır
held longer ~ länger reserviert ~ uzatıldı
held ~ reserviert ~ rezerve
held, confirmed ~ reserviert, fest ~ rezerve, onaylı
high ~ hoch ~ yüksek
highest profit ~ höchstem Gewinn ~ en yüksek kâr
hold ends soon ~ Reservierung endet bald ~ rezerv bitiyor
hold for ~ reservieren für ~ süre
hold has ended ~ Reservierung ist zu Ende ~ rezerv bitti
hours more a working day ~ Stunden mehr je Arbeitstag ~ iş günü başına fazla saat
in a scenario ~ in einem Szenario ~ senaryoda
in part ~ teilweise ~ kısmen
in this span ~ in dieser Spanne ~ bu sürede
in {n} part|in {n} parts ~ in {n} Teil|in {n} Teilen ~ {n} bölümde
it limits {n} exception|it limits {n} exceptions ~ begrenzt {n} Ausnahme|begrenzt {n} Ausnahmen ~ {n} istisnayı sınırlıyor
item ~ Artikel ~ ürün
kept ~ geschützt ~ korunan
kind ~ Art ~ tür
large first ~ Großes zuerst ~ büyük önce
last promise ~ letzte Zusage ~ son söz
late lines ~ späte Positionen ~ geç satır
late ~ zu spät ~ geç
later ~ später ~ sonra
leaves ~ geht ab ~ çıkış
ledger {name} ~ Buch {name} ~ defter {name}
left out ~ weggelassen ~ gizli
level ~ Stufe ~ düzey
limited value ~ begrenzter Wert ~ sınırlı değer
limiting ~ Begrenzendes ~ sınırlayan
lines and work orders ~ Positionen und Fertigungsaufträge ~ satır ve iş emri
lines that differ ~ Positionen, die sich unterscheiden ~ farklı satır
lines that win or lose ~ Positionen, die gewinnen oder verlieren ~ kazanan veya kaybeden satır
lines ~ Positionen ~ satır
live ~ live ~ canlı
load ~ Last ~ yük
loaded {age} ago ~ geladen vor {age} ~ {age} önce yüklendi
location ~ Ort ~ yer
lose: gives everything up ~ verlieren: gibt alles ab ~ kaybet: her şeyi bırakır
loses ~ verliert ~ kaybeder
low ~ niedrig ~ düşük
lowest cost ~ niedrigsten Kosten ~ en düşük maliyet
made by {name} ~ gefertigt nach {name} ~ {name} ile üretilir
made ~ gefertigt ~ üretilen
make ~ Fertigung ~ üretim
medium ~ mittel ~ orta
mm ~ MM ~ aa
months ~ Monate ~ ay
never enough within the horizon ~ im Planungszeitraum nie genug ~ planlama döneminde hiç yeterli değil
new ~ neu ~ yeni
no class ~ ohne Klasse ~ sınıfsız
nobody in particular ~ niemand Bestimmtes ~ belirsiz
none ~ keine ~ yok
not again within the horizon ~ im Planungszeitraum nicht wieder ~ planlama döneminde bir daha yok
not available ~ nicht verfügbar ~ yok
not within the horizon ~ nicht im Horizont ~ ufuk içinde değil
nothing can be promised within the horizon. ~ im Horizont ist nichts zuzusagen. ~ ufuk içinde söz verilemez.
nothing ~ nichts ~ hiçbiri
now {value} ~ jetzt {value} ~ şimdi {value}
now ~ jetzt ~ şimdi
of what is left ~ vom Rest ~ kalandan
of which late ~ davon zu spät ~ geç olanlar
of {n} ~ von {n} ~ / {n}
old ~ alt ~ eski
on hand ~ Vorrat ~ eldeki
on the way ~ unterwegs ~ yolda
on this day ~ an diesem Tag ~ bu günde
on time lines ~ pünktliche Positionen ~ zamanında satır
on time value ~ pünktlicher Wert ~ zamanında değer
on time ~ pünktlich ~ zamanında
open work ~ offene Arbeit ~ açık iş
open ~ offen ~ açık
opened again ~ wieder offen ~ yeniden açıldı
order ~ Auftrag ~ sipariş
overcommitted or supply late ~ überzogen oder Zugang überfällig ~ aşırı söz veya geç tedarik
overcommitted ~ überzogen ~ aşırı söz
period ~ Zeitraum ~ dönem
picked ~ gewählt ~ seçili
planned order ~ Planauftrag ~ planlı sipariş
planned ~ geplant ~ planlı
position {n} ~ Position {n} ~ konum {n}
position ~ Position ~ konum
priority ~ Priorität ~ öncelik
profit {by} against the best ~ Gewinn {by} gegen die beste ~ en iyiye göre kâr {by}
profit ~ Gewinn ~ kâr
promise ~ Zusage ~ söz
promised already ~ schon zugesagt ~ zaten söz verildi
promised ~ zugesagt ~ söz verilen
promises ~ Zusagen ~ söz
purchase order ~ Bestellung ~ satın alma siparişi
quantity ~ Menge ~ miktar
ratio {n} ~ Verhältnis {n} ~ oran {n}
red edge: bounds the date ~ roter Rand: begrenzt den Termin ~ kırmızı kenar: tarihi sınırlar
redistribute: may gain or lose ~ umverteilen: darf gewinnen oder verlieren ~ dağıt: kazanabilir veya kaybedebilir
resource ~ Ressource ~ kaynak
rows ~ Zeilen ~ satır
rule {name} ~ Regel {name} ~ kural {name}
safety stock ~ Sicherheitsbestand ~ emniyet stoku
sales order ~ Kundenauftrag ~ satış siparişi
scenarios ~ Szenarien ~ senaryo
serves ~ gilt ~ geçerli
settings ~ Einstellungen ~ ayar
share exceeded ~ Anteil überschritten ~ pay aşıldı
share of a class ~ Anteil einer Klasse ~ sınıfın payı
share ~ Anteil ~ pay
ship method ~ Versandart ~ sevk yöntemi
shipped ~ versandt ~ sevk edildi
shown too ~ auch gezeigt ~ gösterilir
small first ~ Kleines zuerst ~ küçük önce
source is old ~ Quelle ist alt ~ kaynak eski
sourcing rank ~ Bezugsrang ~ kaynak sırası
state ~ Zustand ~ durum
stock ~ Vorrat ~ stok
supplier ~ Lieferant ~ tedarikçi
supply is gone ~ Zugang ist weg ~ tedarik kalmadı
supply late ~ Zugang überfällig ~ tedarik geç
supply ~ Zugang ~ tedarik
tables ~ Tabellen ~ tablo
take back ~ zurücknehmen ~ geri al
taken back ~ zurückgenommen ~ geri alındı
taken by {list} ~ vergeben an {list} ~ alanlar: {list}
takers ~ Abnehmer ~ alan
the class above ~ die Klasse darüber ~ üst sınıf
the date that holds now ~ der jetzt geltende Termin ~ şu an geçerli tarih
the day asked for ~ dem Wunschtag ~ istenen gün
the first date we gave ~ unser erster Termin ~ verdiğimiz ilk tarih
the rule ~ der Regel ~ kural
the whole process ~ der ganze Prozess ~ tüm süreç
then ~ dann ~ sonra
to be there ~ Ankunft ~ varış
to leave ~ Abgang ~ çıkış
today ~ heute ~ bugün
tokens ~ Zugänge ~ anahtar
too late ~ zu spät ~ çok geç
transfer ~ Umlagerung ~ transfer
units on hand ~ Bestand in Stück ~ eldeki adet
value ~ Wert ~ değer
values ~ Werte ~ değer
weeks ~ Wochen ~ hafta
what it is made of, and when ~ woraus es besteht, und wann ~ neyden ve ne zaman
win: on time, others give way ~ gewinnen: pünktlich, andere weichen ~ kazan: zamanında, diğerleri yer açar
wins ~ gewinnt ~ kazanır
without fault ~ ohne Fehler ~ hatasız
work order ~ Fertigungsauftrag ~ iş emri
worth {value} ~ im Wert von {value} ~ değeri {value}
yyyy ~ JJJJ ~ yyyy
zone ~ Zone ~ bölge
{at} ships no more order lines on {date} ~ {at} versendet am {date} keine weiteren Positionen ~ {at} {date} günü daha fazla kalem göndermez
{at} ships on {date} at the earliest ~ {at} versendet frühestens am {date} ~ {at} en erken {date} günü gönderir
{a} of {b} hours ~ {a} von {b} Stunden ~ {b} saatin {a} saati
{a} of {b} of memory ~ {a} von {b} Speicher ~ belleğin {a} / {b}
{date}, the date of the data ~ {date}, das Datum der Daten ~ {date}, verinin tarihi
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
{n} of {item} from the share of {class}, from {date} on
	~ {n} von {item} aus dem Anteil von {class}, ab {date}
	~ {class} payından {n} {item}, {date} gününden itibaren
{n} promise is at risk by it|{n} promises are at risk by it
	~ {n} Zusage ist dadurch gefährdet|{n} Zusagen sind dadurch gefährdet
	~ bununla {n} söz riske girer
{n} promise is hurt|{n} promises are hurt ~ {n} Zusage leidet|{n} Zusagen leiden ~ {n} söz zarar görür
{n} promises on {m} accounts ~ {n} Zusagen auf {m} Konten ~ {m} hesapta {n} söz
{n} promise|{n} promises ~ {n} Zusage|{n} Zusagen ~ {n} söz
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
`;

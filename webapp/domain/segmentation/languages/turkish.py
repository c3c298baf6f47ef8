"""Turkish, whose ordinals have a stop and whose sentences seldom end in a number."""

from webapp.domain.segmentation.languages.language import Language, words

TURKISH = Language(
    "tr",
    "Turkish",
    frequent=words(
        "ve bir bu da de için ile olarak çok daha o gibi kadar sonra ama ne var olan en değil olduğunu yeni",
        "iki göre ise mi mı her dedi oldu olduğu ya ki diye şey ancak tarafından etti",
    ),
    letters="ğış",
    starters=words(
        "Bu Şu O Bir Bunun Bunlar Bunu Buna Bunda Onlar Onun Ona Onu Ben Sen Biz Siz Kendisi Ve Ama Ancak",
        "Fakat Çünkü Eğer Hem Ya Veya Yani Ayrıca Öte Daha Sonra Önce Şimdi Bugün Dün Yarın Artık Henüz Hala",
        "Hâlâ Her Hiç Hiçbir Bazı Birçok Çok Tüm Bütün Diğer Başka Böyle Öyle Şöyle Böylece Kim Ne Neden",
        "Niçin Nasıl Nerede Hangi Kaç İki Üç Belki Evet Hayır İşte Burada Orada Geçen Yine Ardından Bununla",
        "Dolayısıyla Oysa Üstelik Özellikle İlk Son En Eski Yeni Zaten Değil Var Yok Olay Yetkililer",
        "Açıklamada Toplantıda Kararın Konuyla",
    ),
    titles=words(
        "dr prof doç yrd av sn sayın alb org orgen korg tümg tuğg gen yb bnb yzb ütğm tğm mr mrs hz st bn op",
        "uzm öğr arş gör kur dan kom müh mim ecz hst bşk msr",
    ),
    never_last=words("bkz örn vs.vb yak ör krş msl i.e ing fr alm lat"),
    numbered=words("no nr s sf sy md cilt c fık tel faks ks böl şek tab yy"),
    units=words("vb vs vd v.b v.s v.d dk sn sa km kg cm tl"),
    may_be_last=words(
        "üniv a.ş aş ltd şti t.c m.ö m.s i.ö i.s cad sok mah bul blv apt a.b.d ab abd inş san tic paz yay ank ist",
        "kd",
    ),
    only_with_capital=words("bul s c no kom dan op gör kur san ist son sa v ab alt"),
    has_ordinals=True,
    before_ordinals=words("yılın ayın yüzyılın ligin bu o her ilk son"),
)

"""What surrounds articles on Arabic pages: the words of menus, forms, footers, related links.

Only words any site uses; never a site's name. Everything is compared folded (see `lines.fold`),
so the lists below are in ordinary spelling and match every hamza and tanwin variant.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from index.dates import is_date_line
from index.extract.lines import Unit, fold


class Kind(Enum):
    """What a unit is, as far as its own words tell."""

    TEXT = "may belong to an article"
    JUNK = "furniture: drop it, whatever stands around it"
    DATE = "only a date or a time"
    SOURCE = "names where the report comes from"
    SECTION = "a heading over links to other stories"
    END = "comments, forms, copyright: the article is over"


def _phrases(text: str) -> list[str]:
    return sorted({fold(p) for p in text.split("|") if p.strip()}, key=len, reverse=True)


def _any(text: str) -> str:
    return "(?:" + "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in _phrases(text)) + ")"


# Whole lines. One or two words each, so they must be the whole line to count.
_MENU: Final = frozenset(
    _phrases(
        "الرئيسية|الصفحة الرئيسية|القائمة|القائمة الرئيسية|مباشر|البث المباشر|بث مباشر|بث حي|بحث|ابحث|البحث|"
        "أخبار|الأخبار|آخر الأخبار|أهم الأخبار|عاجل|سياسة|السياسة|اقتصاد|الاقتصاد|مال وأعمال|أعمال|رياضة|الرياضة|"
        "ثقافة|ثقافة وفن|ثقافة وفنون|فن|فنون|فن ومشاهير|منوعات|المنوعات|تكنولوجيا|علوم|علوم وتكنولوجيا|تقنية|"
        "صحة|الصحة|صحة وجمال|محليات|محلي|محليات عربية|عربي|عربي ودولي|عربية|دولي|دولية|العالم|عالم|الشرق الأوسط|"
        "العالم العربي|حوادث|تقارير|تحقيقات|مقالات|مقالات الرأي|رأي|آراء|كتاب|كتاب وآراء|كاريكاتير|فيديو|فيديوهات|"
        "صور|ألبومات|بودكاست|إنفوغراف|انفوجرافيك|برامج|البرامج|وثائقيات|نشرة الأخبار|تردداتنا|الترددات|ستوديو|"
        "سيارات|سفر|سياحة|سياحة وسفر|مرأة|المرأة|أسرة|مجتمع|تعليم|دين|إسلاميات|طقس|الطقس|حالة الطقس|أسعار العملات|"
        "من نحن|اتصل بنا|تواصل معنا|راسلنا|أعلن معنا|وظائف|خريطة الموقع|الأرشيف|أرشيف|المزيد|عرض المزيد|شاهد المزيد|"
        "قراءة المزيد|اقرأ المزيد|تحميل المزيد|مشاهدة المزيد|إظهار المزيد|للمزيد|الكل|عرض الكل|شارك|مشاركة|شارك المقال|شارك الخبر|"
        "شارك الموضوع|شارك هذا الموضوع|شارك هذه المقالة|مشاركة الخبر|مشاركة المقال|انشر|انشر الخبر|طباعة|طباعة الخبر|نسخ الرابط|"
        "نسخ رابط|تم نسخ الرابط|رابط مختصر|الرابط المختصر|إرسال|أرسل|أرسل إلى صديق|حفظ|احفظ|حفظ المقال|إعجاب|أعجبني|متابعة|"
        "إعلان|إعلانات|إعلان ممول|مساحة إعلانية|تخطي الإعلان|advertisement|ads|تسجيل الدخول|تسجيل دخول|دخول|تسجيل|"
        "تسجيل الخروج|حسابي|اشتراك|اشترك|اشترك الآن|اشترك معنا|النشرة البريدية|القائمة البريدية|النشرات البريدية|"
        "تطبيقاتنا|التطبيقات|حمل التطبيق|حجم الخط|تكبير الخط|تصغير الخط|استمع|استمع للخبر|استمع إلى المقال|استمع إلى الخبر|"
        "فيسبوك|تويتر|واتساب|واتس اب|تلغرام|تليغرام|تيليجرام|يوتيوب|انستغرام|انستقرام|إنستجرام|لينكدإن|سناب شات|تيك توك|بينتريست|"
        "facebook|twitter|whatsapp|telegram|youtube|instagram|linkedin|x|pinterest|messenger|email|print|share|copy link|"
        "tiktok|rss|google news|menu|search|home|live|stories|video|videos|login|sign in|sign up|subscribe|follow us|more|"
        "العربية|english|français|french|türkçe|русский|español|close|إغلاق|أغلق|السابق|التالي|رجوع|العودة إلى الأعلى|"
        "الوضع الليلي|الوضع المظلم|أقسام مهمة|الأقسام|أقسام|أقسام الموقع|"
        "أين يمكنك متابعتنا|أين يمكنكم متابعتنا|الخط|صورة|تعليق على الصورة|التعليق على الصورة|مصدر الصورة|"
        "صدر الصورة|بواسطة|skip to content|تخطى إلى المحتوى|تخط إلى المحتوى|تجاوز إلى المحتوى الرئيسي|الانتقال إلى المحتوى|"
        "إلغاء|موافق|أوافق|نعم|لا|فن ومنوعات|ملفات|ملفات خاصة|خاص|حصري|مختارات|ترند|تريند|صحافة|صحيفة اليوم|الطبعة الورقية|"
        "العدد اليومي|pdf|هل أعجبك المقال|هل كان هذا المقال مفيدا|قيم هذا المقال|loading|جاري التحميل|جار التحميل"
    )
)
# Whole headings over links to other stories.
_SECTIONS: Final = _any(
    "اقرأ أيضا|إقرأ أيضا|اقرؤوا أيضا|اقرأ كذلك|اقرأ المزيد عن|شاهد أيضا|شاهدوا أيضا|طالع أيضا|انظر أيضا|قد يهمك|قد يهمك أيضا|"
    "قد يهمك أيضا قراءة|قد يعجبك|قد يعجبك أيضا|ربما يعجبك|ربما يهمك|قد يعجبك هذا|ربما يعجبك أيضا|يهمك أيضا|مواضيع ذات صلة|مواضيع متعلقة|"
    "مواضيع مشابهة|مواضيع قد تهمك|موضوعات ذات صلة|موضوعات متعلقة|موضوعات قد تهمك|أخبار ذات صلة|أخبار متعلقة|أخبار مشابهة|أخبار قد تهمك|"
    "مقالات ذات صلة|مقالات مشابهة|مقالات متعلقة|مقالات قد تهمك|مقالات أخرى|أخبار أخرى|قصص ذات صلة|قصص مقترحة|تقارير ذات صلة|ذات صلة|المزيد من الأخبار|"
    "المزيد حول هذه القصة|المزيد من هذا القسم|الأكثر قراءة|الاكثر قراءة الآن|الأكثر مشاهدة|الأكثر تداولا|الأكثر شيوعا|الأكثر تعليقا|الأكثر انتشارا|"
    "أكثر الأخبار قراءة|الأعلى قراءة|الأكثر بحثا|الأكثر رواجا|الأكثر شعبية|الأكثر زيارة|اخترنا لك|اخترنا لكم|اخترنا لكم أيضا|مختارات لك|نرشح لك|ننصحك بقراءة|"
    "ننصح بقراءة|مقترح لك|موصى به|يوصي به القراء|توصيات|آخر الأخبار|أحدث الأخبار|أحدث المقالات|أحدث المواضيع|أهم الأخبار|أبرز الأخبار|آخر المستجدات|آخر المقالات|"
    "أخبار عاجلة|شريط الأخبار|من نفس القسم|في نفس القسم|من القسم نفسه|روابط ذات صلة|روابط خارجية|روابط مهمة|إقرأ للكاتب|المزيد للكاتب|مقالات الكاتب|"
    "related articles|related topics|related news|related stories|related|read also|most read|you may also like|more stories|recommended|trending|"
    "كلمات مفتاحية|الكلمات المفتاحية|كلمات دلالية|الكلمات الدلالية|كلمات دالة|الكلمات الدالة|كلمات البحث|الوسوم|وسوم|تاغات|هاشتاغ|علامات|tags|"
    "latest news|قصص مختارة|تابع أيضا|فيديوهات ذات صلة|فيديو ذو صلة|صور ذات صلة|مواضيع أخرى|الأخبار الأكثر قراءة|المقالات الأكثر قراءة|أهم المواضيع|أبرز المواضيع|أبرز العناوين|أهم العناوين|عناوين أخرى"
)
# The same, opening a line that goes on with the other story's headline («اقرأ أيضا: …»).
_RELATED: Final = _any(
    "اقرأ أيضا|إقرأ أيضا|اقرؤوا أيضا|اقرأ المزيد|اقرأ كذلك|قراءة المزيد|شاهد أيضا|شاهدوا أيضا|طالع أيضا|انظر أيضا|قد يهمك أيضا|قد يهمك|قد يعجبك|موضوع متعلق|"
    "موضوع ذو صلة|خبر متعلق|خبر ذو صلة|ذات صلة|اقرأ|اقرا ايضا|نرشح لك|للمزيد|لمزيد من التفاصيل|لقراءة المزيد|للاطلاع على|المزيد|read more|read also|related|تابع أيضا"
)
_END_LINE: Final = _any(
    "التعليقات|التعليقات مغلقة|تعليقات|تعليقات القراء|تعليقات الزوار|تعليقات فيسبوك|أضف تعليقا|أضف تعليق|أضف تعليقك|إضافة تعليق|إضافة تعليق جديد|اترك تعليقا|اترك تعليق|اترك تعليقك|"
    "اترك ردا|اترك رد|اترك ردك|أترك تعليقا|اكتب تعليقا|اكتب تعليقك|اكتب تعليق|علق على الخبر|شارك برأيك|شاركنا رأيك|شاركنا برأيك|شارك بتعليق|ضع تعليقا|لا توجد تعليقات|لا يوجد تعليقات|"
    "إلغاء الرد|جميع الحقوق محفوظة|كل الحقوق محفوظة|شروط الاستخدام|شروط النشر|شروط التعليق|سياسة التعليقات|سياسة الخصوصية|سياسة الاستخدام|الشروط والأحكام|اتفاقية الاستخدام|"
    "comments|leave a comment|leave a reply|post a comment|add comment|back to top|back to top button|security code|all rights reserved|privacy policy|terms of use|"
    "عن الكاتب|نبذة عن الكاتب"
)
_END_START: Final = _any(
    "اترك تعليقا|اترك تعليق|اترك ردا على|أضف تعليقا|لن يتم نشر عنوان بريدك|لن يتم نشر بريدك|لن ينشر بريدك|البريد الالكتروني لن يتم نشره|الحقول الإلزامية مشار|الحقول المطلوبة|"
    "شروط النشر|شروط التعليق|جميع الحقوق محفوظة|كل الحقوق محفوظة|كافة الحقوق محفوظة|حقوق النشر محفوظة|حقوق النشر|حقوق الطبع|©|copyright|all rights reserved|يجب أنت تكون مسجل|"
    "يجب أن تكون مسجلا|يجب تسجيل الدخول|احفظ اسمي، بريدي|احفظ اسمي|أعلمني بمتابعة التعليقات|التعليقات المنشورة|الآراء الواردة|المقالات المنشورة لا تعبر|الموقع غير مسؤول|ملاحظة: التعليقات|maintained and developed|powered by|designed by|تصميم وتطوير|تصميم وبرمجة|characters left"
)
# Short or long, a line that holds one of these is furniture.
_JUNK_IN: Final = _any(
    "جميع الحقوق محفوظة|كل الحقوق محفوظة|ملفات تعريف الارتباط|ملفات الارتباط|سياسة الخصوصية|شروط الاستخدام|شروط استخدام الموقع|مراجعة التعليقات|all rights reserved|cookies|privacy policy|terms of service|terms of use|"
    "اشترك في نشرتنا|النشرة البريدية|نشرتنا البريدية|النشرة الإخبارية اليومية|النشرة الإخبارية الأسبوعية|القائمة البريدية|newsletter|تابعونا على|تابعنا على|تابعوا صفحتنا|تابع صفحتنا|تابعوا قناتنا|تابع قناتنا|تابعوا حسابنا|حمل تطبيق|حملوا تطبيق|حمّل تطبيق|حمل التطبيق|حملوا التطبيق|"
    "انضم إلى قناتنا|انضموا إلى قناتنا|للانضمام إلى قناتنا|اشترك في قناتنا|اشتركوا في قناتنا|اشترك في خدمة|عبر تطبيق نبض|google play|app store|على غوغل نيوز|على جوجل نيوز|عبر غوغل نيوز|عبر جوجل نيوز|"
    "وواصل القراءة|المتصفح الذي تستخدمه|متصفحك لا يدعم|javascript|لتصفح الموقع|مدة القراءة|وقت القراءة|دقائق قراءة|دقيقة قراءة|عدد المشاهدات|عدد القراء|عدد الزيارات|عدد التعليقات|نسخ الرابط|رابط مختصر|"
    "اضغط هنا|أنقر هنا|انقر هنا|click here|بريدك الإلكتروني|البريد الالكتروني *|security code|نود إعلامكم|يمكنكم متابعة آخر|يمكنكم متابعة أخبار|لمتابعة آخر الأخبار|لمتابعة أهم الأخبار|تابع آخر الأخبار|تابعوا آخر الأخبار|تابع أحدث الأخبار"
)
# A line that begins so is furniture if it is short.
_JUNK_START: Final = _any(
    "تابعنا|تابعونا|تابعوا|شارك الخبر|شارك المقال|شارك هذا|شارك على|شارك عبر|مشاركة على|مشاركة عبر|انقر للمشاركة|اضغط للمشاركة|للتواصل|تواصل معنا|اتصل بنا|هاتف|فاكس|ص.ب|العنوان|البريد الإلكتروني|"
    "الاسم *|الاسم*|الإسم *|التعليق *|الموقع الإلكتروني|موقع الويب|عنوان التعليق|تعليق *|إلزامي|رمز التحقق|الوسوم|وسوم|كلمات مفتاحية|كلمات دلالية|الكلمات المفتاحية|الكلمات الدلالية|كلمات البحث|الكلمات الدالة|كلمات دالة|تاغات|"
    "tags|tag|شاهد بالفيديو|شاهد الفيديو|إعلان|مصدر الصورة|صدر الصورة|التعليق على الصورة|تعليق على الصورة|تعليق الصورة|صورة تعبيرية|صورة أرشيفية|صورة من الأرشيف|آخر تحديث|اوافق على|أوافق على|الصفحة الرئيسية|الرئيسية|أنت هنا|انت هنا|القسم|قسم|"
    "image source|image caption|photo|follow us|share this|share on|skip to|tel|fax|e-mail|advertisement|loading|رقم العدد|رقم الايداع|رئيس التحرير|رئيس مجلس الإدارة|مدير التحرير|سكرتير التحرير"
)

_SECTION_RE: Final = re.compile(
    rf"^{_SECTIONS}(?:\s+(?:في|من|عن|على|الآن|اليوم|هذا الاسبوع)\b.{{0,25}})?$"
    r"|^المزيد\s+(?:من|في|عن|حول)\b.{0,25}$|^حول\s+هذه?\s+(?:القصه|الموضوع|الخبر)$"
)
_RELATED_RE: Final = re.compile(rf"^[^\w]*{_RELATED}\s*(?::|\.\.|-|\||>|؟|!|،|\[)")
_RELATED_OPEN: Final = re.compile(
    r"^[^\w]*(?:اقرا|اقراوا|اقرووا|شاهد|شاهدوا|طالع)\s+(?:و?ايضا|المزيد|كذلك)\b"
)
_END_RE: Final = re.compile(rf"^{_END_LINE}(?:\s*[(\[]?\s*\d+\s*[)\]]?)?\s*\*?$|^\d+\s+(?:تعليق|تعليقات)$")
_END_START_RE: Final = re.compile(rf"^[^\w©]*{_END_START}(?!\w)")
_JUNK_IN_RE: Final = re.compile(rf"(?<!\w){_JUNK_IN}(?!\w)")
_JUNK_START_RE: Final = re.compile(rf"^[^\w*]*{_JUNK_START}(?!\w)")
_SOURCE_RE: Final = re.compile(
    r"^[^\w]*(?:المصدر|مصدر\s+الخبر|نقلا\s+عن|source)\s*[:/|-]\s*(?P<source>\S.{0,60})$|^المصدر:?$"
)
_ADDRESS: Final = re.compile(r"https?://|www\.|[\w.+-]+@[\w-]+\.\w{2,}|\bt\.me/")
_COUNTER: Final = re.compile(
    r"^[\s(\[]*[\d.,٬]+\s*[kKmMألفمليون]*\s*[)\]]?\s*"
    r"(?:خبر|خبرا|اخبار|مشاهده|مشاهدات|قراءه|قراءات|تعليق|تعليقات|مشاركه|مشاركات|زياره|صوره|صور|فيديو|نتيجه|دقيقه|دقائق|views?|shares?|comments?)?\s*$"
)
_CHAIN: Final = re.compile(r"\s*(?:\||›|»|>|·|•|\s/\s|\\|—|←|→)\s*")
_TAGS_ONLY: Final = re.compile(r"^(?:#[\w_]+[\s،,|]*)+$")
_MARKDOWN_LINKS: Final = re.compile(r"^(?:[*\-+\d.#>|\s]*!?\[[^\]]*\]\([^)]*\)[\s|,،]*)+$")
_TRIM: Final = " :.،,؛;-–|*#>«»\"'()[]•…؟!/\\↓←→▼▲+"

# Junk phrases may be quoted by real sentences; a long paragraph is not furniture for holding one.
_SHORT = 14
_MEDIUM = 45
# No furniture is longer; it also bounds what the patterns below may cost on a hostile line.
_MOST_CHARS = 1200


def kind(unit: Unit) -> Kind:
    """What the unit is, by its words alone (position is judged elsewhere)."""
    folded, words = unit.folded, unit.words
    bare = folded.strip(_TRIM)
    if not bare or (not words and not any(c.isdigit() for c in folded)):
        return Kind.JUNK
    if words <= _SHORT:
        if _SOURCE_RE.match(folded):
            return Kind.SOURCE
        if _END_RE.match(bare):
            return Kind.END
        if _SECTION_RE.match(bare):
            return Kind.SECTION
        if len(unit.text) > _MOST_CHARS:
            return Kind.TEXT
        if bare in _MENU or _COUNTER.match(folded) or _TAGS_ONLY.match(folded):
            return Kind.JUNK
        if is_date_line(unit.text):
            return Kind.DATE
    if words <= _MEDIUM and len(unit.text) <= _MOST_CHARS:
        found = _kind_of_phrase(unit, bare)
        if found is not Kind.TEXT:
            return found
        if _MARKDOWN_LINKS.match(unit.text):
            return Kind.JUNK
    if _is_chain(folded):
        return Kind.JUNK
    return Kind.TEXT


def _kind_of_phrase(unit: Unit, bare: str) -> Kind:
    folded, words = unit.folded, unit.words
    if _END_START_RE.match(folded):
        return Kind.END
    if _RELATED_OPEN.match(folded) or (words <= 25 and _RELATED_RE.match(folded)):
        return Kind.JUNK
    if _JUNK_IN_RE.search(folded):
        return Kind.JUNK
    if words <= _SHORT and _JUNK_START_RE.match(folded):
        # «هاتف الرئيس نظيره…» is a sentence: a label stands alone or before its colon.
        if words <= 6 and not unit.ends:
            return Kind.JUNK
        if re.search(r"[:*|]", folded[:30]):
            return Kind.JUNK
    if words <= 8 and _ADDRESS.search(folded):
        return Kind.JUNK
    return Kind.TEXT if bare else Kind.JUNK


def source_named(unit: Unit) -> str | None:
    """What a `Kind.SOURCE` unit names, as written; None where it is only the label."""
    _, mark, rest = unit.text.partition(":")
    if not mark:
        rest = re.sub(r"^[^\w]*\w+\s*[/|\-–—]?\s*", "", unit.text, count=1)
    rest = rest.strip(_TRIM)
    return rest or None


def _is_chain(text: str) -> bool:
    """Menus, breadcrumbs and tickers on one line: several short parts between separators."""
    parts = [p for p in _CHAIN.split(text) if p]
    if len(parts) >= 3 and all(len(p.split()) <= 14 for p in parts):
        return len(text) < 60 * len(parts)
    crumbs = text.split(" - ")
    return len(crumbs) >= 3 and all(1 <= len(p.split()) <= 3 for p in crumbs)


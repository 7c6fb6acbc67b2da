"""Which form asks for which purpose."""

from __future__ import annotations

from roamio_web.forms.cab import CabForm
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.hotel import HotelForm
from roamio_web.forms.hybrid import HybridForm
from roamio_web.forms.logistics import LogisticsForm
from roamio_web.forms.medical import MedicalForm
from roamio_web.forms.nri import NriForm
from roamio_web.forms.service import ServiceForm
from roamio_web.forms.tourism import TourismForm
from roamio_web.models.booking import Purpose

FORMS: dict[Purpose, type[ContactForm]] = {
    form.purpose: form
    for form in (
        CabForm,
        HotelForm,
        TourismForm,
        MedicalForm,
        HybridForm,
        NriForm,
        LogisticsForm,
        ServiceForm,
    )
}
